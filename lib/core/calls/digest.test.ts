import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { attachKey } from './attach-key.ts';
import { argsHash, callDigest, type DigestInputs } from './digest.ts';

const native = (text: string) => createHash('sha256').update(text).digest('hex');
const INPUTS: DigestInputs = {
  agent: 'a1',
  onBehalfOf: null,
  session: 'agent:a1',
  server: 's1',
  serverConfigHash: 'c'.repeat(64),
  tool: 'write_file',
  toolDigest: 'd'.repeat(64),
  argsHash: 'e'.repeat(64),
  nonce: 'n1',
};

test('the digest is the hash that anyone can recompute from the published recipe', () => {
  const recipe = `countersign/call/v1\n{"agent":"a1","argsHash":"${'e'.repeat(64)}","nonce":"n1","onBehalfOf":null,"server":"s1","serverConfigHash":"${'c'.repeat(64)}","session":"agent:a1","tool":"write_file","toolDigest":"${'d'.repeat(64)}"}`;
  assert.equal(callDigest(INPUTS), native(recipe));
});

test('a native hash gives the same digest as the portable one', () => {
  assert.equal(callDigest(INPUTS, native), callDigest(INPUTS));
  assert.equal(argsHash('{"a":1}', native), argsHash('{"a":1}'));
});

test('the hash of arguments and the attach key have published recipes too', () => {
  assert.equal(argsHash('{"a":1}'), native('{"a":1}'));
  const inputs = { agent: 'a', session: null, onBehalfOf: null, server: 's', tool: 't', argsHash: 'h' };
  const recipe =
    'countersign/attach/v1\n{"agent":"a","argsHash":"h","onBehalfOf":null,"server":"s","session":null,"tool":"t"}';
  assert.equal(attachKey(inputs), native(recipe));
});

test('changing any one input changes the digest', () => {
  const digests = new Set([callDigest(INPUTS)]);
  const changed: DigestInputs[] = [
    { ...INPUTS, agent: 'a2' },
    { ...INPUTS, onBehalfOf: 'null' },
    { ...INPUTS, session: 'agent:a2' },
    { ...INPUTS, server: 's2' },
    { ...INPUTS, serverConfigHash: 'f'.repeat(64) },
    { ...INPUTS, tool: 'read_file' },
    { ...INPUTS, toolDigest: 'f'.repeat(64) },
    { ...INPUTS, argsHash: 'f'.repeat(64) },
    { ...INPUTS, nonce: 'n2' },
  ];
  for (const inputs of changed) digests.add(callDigest(inputs));
  assert.equal(digests.size, changed.length + 1);
});

test('a property that is no input does not enter the digest', () => {
  const more = { ...INPUTS, extra: 'x' };
  assert.equal(callDigest(more), callDigest(INPUTS));
});

test('text cannot move from one input to its neighbour without changing the digest', () => {
  assert.notEqual(
    callDigest({ ...INPUTS, server: 's1","tool":"x', tool: 'y' }),
    callDigest({ ...INPUTS, server: 's1', tool: 'x","tool":"y' }),
  );
});

test('the attach key tells agents, sessions, servers, tools and arguments apart', () => {
  const base = { agent: 'a', session: null, onBehalfOf: null, server: 's', tool: 't', argsHash: 'h' };
  const keys = new Set([
    attachKey(base),
    attachKey({ ...base, agent: 'b' }),
    attachKey({ ...base, session: 'null' }),
    attachKey({ ...base, onBehalfOf: 'ana@example.com' }),
    attachKey({ ...base, server: 'u' }),
    attachKey({ ...base, tool: 'u' }),
    attachKey({ ...base, argsHash: 'i' }),
  ]);
  assert.equal(keys.size, 7);
  assert.equal(attachKey(base, native), attachKey({ ...base }));
  assert.match(attachKey(base), /^[0-9a-f]{64}$/);
});
