import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { test } from 'node:test';
import { INNER_PLACES } from './inner-places.ts';

const hrefs = INNER_PLACES.map(({ href }) => href);

test('every page of the settings is found by the palette, once', () => {
  const pages = globSync('app/(console)/settings/*/page.tsx')
    .map((file) => file.slice('app/(console)'.length, -'/page.tsx'.length))
    // It is reached with a code from a command line only.
    .filter((href) => href !== '/settings/command-line');
  assert.ok(pages.length > 5);
  assert.deepEqual(hrefs.filter((href) => href.startsWith('/settings/')).toSorted(), pages.toSorted());
  assert.equal(new Set(hrefs).size, hrefs.length);
});

test('what the palette leads to is there', () => {
  for (const href of hrefs) {
    const path = href.split('?')[0] ?? '';
    assert.equal(globSync([`app/(console)${path}/page.tsx`, `app${path}/page.tsx`]).length, 1, href);
  }
});
