import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listDocs, readDoc, readDocImage } from './read-doc.ts';

const root = process.cwd();

test('the guide is listed in reading order, each page with the title it has', () => {
  const slugs = listDocs(root).map((doc) => doc.slug);
  assert.deepEqual(slugs.slice(0, 3), ['users', 'operators', 'developers']);
  assert.ok(slugs.includes('glossary'));
  assert.ok(slugs.indexOf('errors') < slugs.indexOf('glossary'));
  assert.ok(!slugs.some((slug) => slug.includes('/')));
  assert.equal(listDocs(root)[1]?.title, 'For operators');
});

test('the list is not read anew for every page that somebody opens', () => {
  assert.equal(listDocs(root), listDocs(root));
});

test('a page is read by its slug, and nothing else is', () => {
  assert.equal(readDoc(root, 'errors')?.file, 'docs/errors.md');
  assert.equal(readDoc(root, 'decisions')?.file, 'docs/decisions/README.md');
  assert.equal(readDoc(root, 'repository/security')?.file, 'SECURITY.md');
  assert.match(readDoc(root, 'repository/countersign-example')?.text ?? '', /^# countersign\.example\.yaml\n\n```\n/);
  for (const slug of [
    '',
    '.',
    '..',
    '../README',
    'images',
    '../package',
    'users.md',
    '/etc/passwd',
    'docs/users',
    'decisions/README',
  ]) {
    assert.equal(readDoc(root, slug), null, slug);
  }
});

test('of pictures only those of the documentation are given', () => {
  assert.equal(readDocImage(root, '../../public/icon.svg'), null);
  assert.equal(readDocImage(root, 'nothing.png'), null);
});
