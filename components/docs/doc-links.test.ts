import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anchorOf, docImage, docLink } from './doc-links.ts';

test('headings get the anchors that code hosts give them', () => {
  assert.equal(anchorOf('`stale-digest`'), 'stale-digest');
  assert.equal(anchorOf('The `countersign` command'), 'the-countersign-command');
  assert.equal(anchorOf('What is *not* supported?'), 'what-is-not-supported');
});

test('links between files become links between pages, and nothing else becomes one', () => {
  const of = (href: string, file = 'docs/users.md') => docLink(href, file);
  assert.deepEqual(of('egress.md'), { kind: 'here', href: '/docs/egress' });
  assert.deepEqual(of('errors.md#killed'), { kind: 'here', href: '/docs/errors#killed' });
  assert.deepEqual(of('decisions/README.md'), { kind: 'here', href: '/docs/decisions' });
  assert.deepEqual(of('../egress.md', 'docs/decisions/0001-x.md'), { kind: 'here', href: '/docs/egress' });
  assert.deepEqual(of('../SECURITY.md'), { kind: 'here', href: '/docs/repository/security' });
  assert.deepEqual(of('docs/users.md', 'README.md'), { kind: 'here', href: '/docs/users' });
  assert.deepEqual(of('https://example.com/a'), { kind: 'away', href: 'https://example.com/a' });
  for (const href of [
    'javascript:alert(1)',
    'data:text/html,x',
    '../lib/x.ts',
    'http://example.com',
    '//example.com/a.md',
    '/etc/x',
  ]) {
    assert.notEqual(of(href).kind, 'away', href);
    assert.ok(of(href).kind === 'none' || !JSON.stringify(of(href)).includes('script'), href);
  }
  assert.equal(docImage('images/review.png', 'docs/users.md'), '/docs/images/review.png');
  assert.equal(docImage('docs/images/review.png', 'README.md'), '/docs/images/review.png');
  assert.equal(docImage('https://example.com/docs/images/a.png', 'README.md'), null);
});
