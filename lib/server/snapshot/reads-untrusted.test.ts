import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACTION_CLASSES } from '#lib/core/risk/types.ts';
import { readsUntrusted } from './reads-untrusted.ts';

const open = { annotations: { openWorldHint: true } };

test('browsing and searching taint by their class, whatever the definition says of itself', () => {
  for (const definition of [{}, open, { annotations: { openWorldHint: false } }, { annotations: null }]) {
    assert.equal(readsUntrusted(definition, 'browse'), true);
    assert.equal(readsUntrusted(definition, 'docs-search'), true);
  }
});

test('a definition that says it reaches an open world taints, unless the tool only writes', () => {
  const tainting = ACTION_CLASSES.filter((one) => readsUntrusted(open, one));
  for (const one of ['file-write', 'message-send', 'db-mutation', 'money'] as const) assert.ok(!tainting.includes(one));
  for (const one of ['other', 'file-read', 'ticketing', 'shell', 'db-read'] as const) assert.ok(tainting.includes(one));
});

test('nothing but the plain word true is a hint', () => {
  for (const openWorldHint of ['true', 1, null, {}, false]) {
    assert.equal(readsUntrusted({ annotations: { openWorldHint } }, 'other'), false);
  }
  assert.equal(readsUntrusted({ annotations: [true] }, 'other'), false);
  assert.equal(readsUntrusted({ openWorldHint: true }, 'other'), false);
});
