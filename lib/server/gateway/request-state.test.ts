import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { createRequestStates } from './request-state.ts';

const key = randomBytes(32);
const state = {
  agentId: 'a',
  target: '/mcp/files',
  method: 'tools/call',
  server: 'files',
  tool: 'echo',
  argsHash: 'ff',
  requestId: 'r',
  callId: 'c',
  round: 1,
  expiresAt: '2026-11-22T00:00:00.000Z',
};

test('a state reads back on every gateway that has the master key, and each has an id of its own', () => {
  const text = createRequestStates(key).write(state);
  const { id, ...rest } = createRequestStates(key).read(text) ?? { id: '' };
  assert.deepEqual(rest, state);
  assert.notEqual(createRequestStates(key).read(createRequestStates(key).write(state))?.id, id);
});

test('a state changed in any one byte, under another key, or made up is nobody\u2019s', () => {
  const states = createRequestStates(key);
  const bytes = Buffer.from(states.write(state), 'base64url');
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.equal(states.read(changed.toString('base64url')), null, `byte ${at}`);
  }
  assert.equal(createRequestStates(randomBytes(32)).read(bytes.toString('base64url')), null);
  for (const text of ['', 'x', '=', 'A'.repeat(5_000), JSON.stringify({ id: 'x', ...state })]) {
    assert.equal(states.read(text), null);
  }
});
