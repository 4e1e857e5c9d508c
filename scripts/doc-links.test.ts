import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Lexer, type Token, walkTokens } from 'marked';
import { anchorOf, docImage, docLink } from '#components/docs/doc-links.ts';
import { readDoc, readDocImage } from '#lib/server/docs/read-doc.ts';

test('every link and picture of the documentation leads somewhere, in the console as on a code host', () => {
  const root = process.cwd();
  const lost: string[] = [];
  for (const file of ['README.md', ...globSync('docs/**/*.md')]) {
    walkTokens(Lexer.lex(readFileSync(file, 'utf8')), (token: Token) => {
      if (token.type === 'image' && !hasImage(root, docImage(String(token.href), file)))
        lost.push(`${file}: ${token.href}`);
      if (token.type !== 'link') return;
      const link = docLink(String(token.href), file);
      if (link.kind === 'none') lost.push(`${file}: ${token.href}`);
      if (link.kind === 'here' && !isThere(root, link.href, file)) lost.push(`${file}: ${token.href}`);
    });
  }
  assert.deepEqual(lost, []);
});

function hasImage(root: string, path: string | null): boolean {
  return path !== null && readDocImage(root, path.replace('/docs/images/', '')) !== null;
}

function isThere(root: string, href: string, file: string): boolean {
  const [page = '', anchor] = href.split('#');
  const text = page === '' ? readFileSync(file, 'utf8') : readDoc(root, page.replace('/docs/', ''))?.text;
  if (text === undefined) return false;
  const anchors = [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));
  return anchor === undefined || anchors.includes(anchor);
}
