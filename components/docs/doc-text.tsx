import { type MarkedToken, marked, type Token, type Tokens } from 'marked';
import Link from 'next/link';
import { Fragment, type ReactNode } from 'react';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { ScrollBox } from '#components/ui/scroll-box.tsx';
import { anchorOf, docImage, docLink } from './doc-links.ts';

/** A page of the documentation. The text is cut into tokens and each becomes an element of ours; HTML in it stays text. */
export function DocText({ text, file }: { readonly text: string; readonly file: string }) {
  const tokens = marked.lexer(text);
  const page = { file, names: namesOf(tokens) };
  return <div className="grid min-w-0 grid-cols-1 gap-3.5 leading-relaxed">{blocks(tokens, page)}</div>;
}

type DocPage = { readonly file: string; readonly names: ReadonlyMap<Token, string> };

/** Names for what scrolls on its own, each different from the others, by the heading above it: landmarks need them. */
function namesOf(tokens: readonly Token[]): ReadonlyMap<Token, string> {
  const names = new Map<Token, string>();
  let heading = '';
  let count = 0;
  for (const token of tokens) {
    if (token.type === 'heading') {
      heading = String(token.text).replaceAll('`', '');
      count = 0;
    } else if (token.type === 'code' || token.type === 'table') {
      count += 1;
      names.set(token, count === 1 ? heading : `${heading} (${count})`);
    }
  }
  return names;
}

function blocks(tokens: readonly Token[], page: DocPage): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: a page is drawn once, and never reordered
  return tokens.map((token, i) => <Fragment key={i}>{block(known(token), page)}</Fragment>);
}

/** marked's own union; `Token` adds a catch-all for extensions, of which we load none. */
function known(token: Token): MarkedToken {
  return token as MarkedToken; // a parse boundary: the lexer makes no other
}

function block(token: MarkedToken, page: DocPage): ReactNode {
  switch (token.type) {
    case 'heading':
      return <Heading token={token} page={page} />;
    case 'paragraph':
      return isPicture(token) ? (
        inline(token.tokens, page)
      ) : (
        <p className="max-w-[76ch]">{inline(token.tokens, page)}</p>
      );
    case 'code':
      return <CodeBlock label={page.names.get(token) ?? firstLine(token.text)} text={token.text} />;
    case 'list':
      return <List token={token} page={page} />;
    case 'table':
      return <DocTable token={token} page={page} />;
    case 'blockquote':
      return <blockquote className="border-l-2 pl-3 text-ink-2">{blocks(token.tokens, page)}</blockquote>;
    case 'text':
      return token.tokens === undefined ? token.text : inline(token.tokens, page);
    case 'hr':
      return <hr />;
    case 'html':
      return <p>{token.text}</p>;
    default:
      return null;
  }
}

function firstLine(text: string): string {
  return text.split('\n')[0]?.slice(0, 60) ?? '';
}

const HEADINGS = {
  1: 'font-semibold text-xl tracking-tight',
  2: 'mt-4 border-t pt-4 font-semibold text-lg tracking-tight',
  3: 'mt-2 font-semibold text-base',
} as const;

function Heading({ token, page }: { readonly token: Tokens.Heading; readonly page: DocPage }) {
  const id = anchorOf(token.text);
  const content = inline(token.tokens, page);
  // A target below the sticky header of a phone, and marked when an error's link led here.
  const place = 'scroll-mt-20 target:rounded-md target:bg-first target:px-1.5 target:-mx-1.5';
  if (token.depth === 1) return <h1 className={HEADINGS[1]}>{content}</h1>;
  if (token.depth === 2)
    return (
      <h2 id={id} className={`${HEADINGS[2]} scroll-mt-20`}>
        {content}
      </h2>
    );
  return (
    <h3 id={id} className={`${HEADINGS[3]} ${place}`}>
      {content}
    </h3>
  );
}

function List({ token, page }: { readonly token: Tokens.List; readonly page: DocPage }) {
  const items = token.items.map((item, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a page is drawn once, and never reordered
    <li key={i} className="grid grid-cols-1 gap-2 pl-1">
      <div className="min-w-0">{blocks(item.tokens, page)}</div>
    </li>
  ));
  const shape = 'grid max-w-[76ch] gap-1.5 pl-5 marker:text-ink-3';
  return token.ordered ? (
    <ol start={Number(token.start)} className={`${shape} list-decimal`}>
      {items}
    </ol>
  ) : (
    <ul className={`${shape} list-disc`}>{items}</ul>
  );
}

function DocTable({ token, page }: { readonly token: Tokens.Table; readonly page: DocPage }) {
  return (
    <ScrollBox label={page.names.get(token) ?? firstLine(token.raw)} className="rounded-lg border">
      <table className="w-full border-collapse text-sm">
        <thead>
          <tr className="border-b bg-sunken">
            {token.header.map((cell, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns have no other name
              <th key={i} className="px-3 py-1.5 text-left font-semibold text-ink-2 text-xs">
                {inline(cell.tokens, page)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, r) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a page is drawn once, and never reordered
            <tr key={r} className="border-b last:border-b-0">
              {row.map((cell, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns have no other name
                <td key={i} className="min-w-24 px-3 py-1.5 align-top">
                  {inline(cell.tokens, page)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

function isPicture(token: Tokens.Paragraph | Tokens.Generic): boolean {
  return token.tokens?.length === 1 && token.tokens[0]?.type === 'image';
}

function inline(tokens: readonly Token[], page: DocPage): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: a page is drawn once, and never reordered
  return tokens.map((token, i) => <Fragment key={i}>{inlineOne(known(token), page)}</Fragment>);
}

function inlineOne(token: MarkedToken, page: DocPage): ReactNode {
  switch (token.type) {
    case 'strong':
      return <strong className="font-semibold">{inline(token.tokens, page)}</strong>;
    case 'em':
      return <em>{inline(token.tokens, page)}</em>;
    case 'del':
      return <del>{inline(token.tokens, page)}</del>;
    case 'codespan':
      return (
        <code className="rounded-sm bg-sunken px-1 py-px text-[0.92em] [overflow-wrap:anywhere]">{token.text}</code>
      );
    case 'br':
      return <br />;
    case 'link':
      return <DocLink token={token} page={page} />;
    case 'image':
      return <Picture token={token} page={page} />;
    case 'text':
      return token.tokens === undefined ? plain(token.text) : inline(token.tokens, page);
    case 'escape':
      return token.text;
    case 'html':
      return token.text;
    default:
      return null;
  }
}

/** The lexer leaves the entities of HTML as they were written. */
function plain(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function DocLink({ token, page }: { readonly token: Tokens.Link; readonly page: DocPage }) {
  const link = docLink(token.href, page.file);
  const content = inline(token.tokens, page);
  switch (link.kind) {
    case 'here':
      return (
        <Link href={link.href} className="link">
          {content}
        </Link>
      );
    case 'away':
      return (
        <a href={link.href} target="_blank" rel="noreferrer" className="link">
          {content}
        </a>
      );
    case 'none':
      return content;
  }
}

function Picture({ token, page }: { readonly token: Tokens.Image; readonly page: DocPage }) {
  const source = docImage(token.href, page.file);
  if (source === null) return token.text;
  return (
    // biome-ignore lint/performance/noImgElement: a picture of ours, at the size it was taken
    <img
      src={source}
      alt={token.text}
      width={2160}
      height={1350}
      loading="lazy"
      className="h-auto w-full rounded-lg border"
    />
  );
}
