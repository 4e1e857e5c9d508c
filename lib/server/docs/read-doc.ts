// Server-only. Public: whoever has no account yet may read how to get one.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type DocName = { readonly slug: string; readonly title: string };
export type Doc = DocName & { readonly file: string; readonly text: string };

/** What stands at the top of the repository, and how it is called here. */
const AT_THE_TOP: readonly (readonly [slug: string, file: string])[] = [
  ['repository/readme', 'README.md'],
  ['repository/contributing', 'CONTRIBUTING.md'],
  ['repository/security', 'SECURITY.md'],
  ['repository/changelog', 'CHANGELOG.md'],
  ['repository/countersign-example', 'countersign.example.yaml'],
];
/** The order in which somebody new reads them; what is not named here follows by name. */
const ORDER = ['users', 'operators', 'developers', 'policies', 'credentials', 'egress', 'notifications', 'errors'];

/** The pages of the guide, in reading order; decisions and what stands at the top of the repository are reached by links. */
export function listDocs(root: string): readonly DocName[] {
  const known = listed.get(root);
  if (known !== undefined && Date.now() - known.atMs < LISTED_MS) return known.names;
  const names = readNames(root);
  listed.set(root, { names, atMs: Date.now() });
  return names;
}

/** Anybody may ask for a page, signed in or not: the files are not read anew for each. A changed title shows this late. */
const LISTED_MS = 10_000;
const listed = new Map<string, { readonly names: readonly DocName[]; readonly atMs: number }>();

function readNames(root: string): readonly DocName[] {
  const rank = (slug: string) => (ORDER.indexOf(slug) + ORDER.length) % ORDER.length;
  return filesOf(root)
    .filter(([slug]) => !slug.includes('/') && slug !== 'decisions')
    .map(([slug, file]) => ({ slug, title: titleOf(readFileSync(join(root, file), 'utf8'), slug) }))
    .toSorted(
      (a, b) => Number(!ORDER.includes(a.slug)) - Number(!ORDER.includes(b.slug)) || rank(a.slug) - rank(b.slug),
    );
}

/** One page with its text, or null. The slug is compared with the files there are, and never made into a path. */
export function readDoc(root: string, slug: string): Doc | null {
  const found = filesOf(root).find(([known]) => known === slug);
  if (found === undefined) return null;
  const [, file] = found;
  const raw = readFileSync(join(root, file), 'utf8');
  const text = file.endsWith('.md') ? raw : `# ${file}\n\n\`\`\`\n${raw}\n\`\`\`\n`;
  return { slug, file, text, title: titleOf(text, slug) };
}

/** A picture of the documentation, or null. */
export function readDocImage(root: string, name: string): Uint8Array<ArrayBuffer> | null {
  const known = globSync('docs/images/*.png', { cwd: root }).find((file) => file === `docs/images/${name}`);
  return known === undefined ? null : new Uint8Array(readFileSync(join(root, known)));
}

function filesOf(root: string): readonly (readonly [slug: string, file: string])[] {
  const guide = globSync('docs/**/*.md', { cwd: root })
    .toSorted()
    .map((file) => [file.slice('docs/'.length, -'.md'.length).replace(/\/README$/, ''), file] as const);
  return [...guide, ...AT_THE_TOP.filter(([, file]) => existsSync(join(root, file)))];
}

function titleOf(text: string, slug: string): string {
  return /^# (.+)$/m.exec(text)?.[1]?.replaceAll('`', '') ?? slug;
}
