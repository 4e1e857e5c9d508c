import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readUrl } from './read-url.ts';

const HIDDEN = 'The path hides a slash or a dot behind an encoding.';
const AMBIGUOUS = 'The path has an empty segment or dots before a semicolon.';

for (const [path, reason] of [
  ['/a%2fb', HIDDEN],
  ['/a%5Cb', HIDDEN],
  ['/a%2e', HIDDEN],
  ['/a%252e', HIDDEN],
  ['/a%0a', HIDDEN],
  ['/a%1f', HIDDEN],
  ['/a%09b', HIDDEN],
  ['/a%7f', HIDDEN],
  ['/a//b', AMBIGUOUS],
  ['/a/.;x=1/b', AMBIGUOUS],
  ['/a/..;/b', AMBIGUOUS],
] as const) {
  test(`${path} is refused, and why is said`, () => {
    assert.deepEqual(readUrl(`https://example.com${path}`), { ok: false, error: reason });
  });
}

for (const path of ['/a%20b', '/a%3d', '/a%8f', '/a.b', '/a/.b;c', '/a;b', '/x?y=%2f', '/x?y=a//b']) {
  test(`${path} hides nothing and is read`, () => {
    const read = readUrl(`https://example.com${path}`);
    assert.equal(read.ok && read.value.path, path.split('?')[0]);
  });
}

for (const who of ['a@', ':b@', 'a:b@', '@']) {
  test(`${who} before the host is refused`, () => {
    assert.deepEqual(readUrl(`https://${who}example.com/`), {
      ok: false,
      error: 'The URL carries a user name or password.',
    });
  });
}

test('a URL without a path and one with only a query lead to the root', () => {
  for (const text of ['https://example.com', 'https://example.com?a=/b%2f']) {
    const read = readUrl(text);
    assert.equal(read.ok && read.value.path, '/');
  }
});
