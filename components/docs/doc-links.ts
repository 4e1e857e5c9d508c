/** The anchor of a heading, as code hosts make it, so that a link works there and here. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}

export type DocLink =
  | { readonly kind: 'here'; readonly href: string }
  | { readonly kind: 'away'; readonly href: string }
  | { readonly kind: 'none' };

/**
 * Where a link of a page leads inside the console. Pages link to each other by file, relative to where they lie; what is
 * no page of the documentation is no link here.
 */
export function docLink(href: string, file: string): DocLink {
  if (href.startsWith('#')) return { kind: 'here', href };
  if (/^https:\/\//.test(href)) return { kind: 'away', href };
  const [path = '', hash] = href.split('#');
  const slug = slugOf(new URL(path, `https://docs.invalid/${file}`).pathname.slice(1));
  return slug === null
    ? { kind: 'none' }
    : { kind: 'here', href: `/docs/${slug}${hash === undefined ? '' : `#${hash}`}` };
}

function slugOf(file: string): string | null {
  if (file === 'countersign.example.yaml') return 'repository/countersign-example';
  const top = /^(README|CONTRIBUTING|SECURITY|CHANGELOG)\.md$/.exec(file);
  if (top !== null) return `repository/${top[1]?.toLowerCase()}`;
  const guide = /^docs\/((?:[\w-]+\/)*[\w-]+)\.md$/.exec(file)?.[1];
  return guide === undefined ? null : guide.replace(/\/README$/, '');
}

/** Where a picture of a page is read from, or null where it is not one of ours. */
export function docImage(href: string, file: string): string | null {
  const path = new URL(href, `https://docs.invalid/${file}`);
  const name = /^\/docs\/images\/([\w-]+\.png)$/.exec(path.pathname)?.[1];
  return path.hostname !== 'docs.invalid' || name === undefined ? null : `/docs/images/${name}`;
}
