import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { PROBLEMS } from '#lib/contracts/problems.ts';
import { errorPage } from './error-pages.ts';

test('docs/errors.md says what the table of codes says', () => {
  const written = readFileSync('docs/errors.md', 'utf8');
  assert.equal(written, errorPage(), 'run: node scripts/write-errors.ts');
});

test('every code has a heading of its own, to which the console links', () => {
  const headings = [...errorPage().matchAll(/^### `([a-z-]+)`$/gm)].map(([, code]) => code);
  assert.equal(new Set(headings).size, headings.length);
  for (const code of [...Object.keys(PROBLEMS), 'unreachable', 'answer-unreadable']) {
    assert.ok(headings.includes(code), code);
  }
});
