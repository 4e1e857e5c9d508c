import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileCondition } from '#lib/core/policies/condition.ts';
import { seal } from '../keys/seal.ts';
import { fixDestination } from './fix-destination.ts';

const KEY = Buffer.alloc(32, 3);
const ID = '01900000-0000-7000-8000-000000000001';
const FIXED = 'args.host == "new.example.com" && args.port == 443';

function fix(condition?: string, changes: { tool?: string; args?: object; from?: 'nothing' | 'connect' } = {}) {
  const { tool = 'connect-unlisted', args = { host: 'new.example.com', port: 443, scheme: 'https' }, from } = changes;
  const argsSealed = seal(KEY, Buffer.from(JSON.stringify(args)), ID);
  const request = from === 'nothing' ? null : { id: ID, argsSealed, toolName: from ?? 'connect-unlisted' };
  const fixed = fixDestination(KEY, { tool, condition }, request);
  return fixed.ok ? fixed.value : fixed.error.code;
}

test('host and port of the request stand in the condition, whatever else is asked', () => {
  assert.equal(fix(), FIXED);
  assert.equal(fix(FIXED), FIXED);
  assert.equal(fix(`${FIXED} && args.scheme == "https"`), `${FIXED} && args.scheme == "https"`);
  assert.equal(fix('args.scheme == "https"'), `${FIXED} && (args.scheme == "https")`);
});

test('nothing that is written beside them makes it wider', () => {
  assert.equal(fix('true || args.port == 22'), `${FIXED} && (true || args.port == 22)`);
  assert.equal(fix(`${FIXED} && true || true`), `${FIXED} && (${FIXED} && true || true)`);
  assert.equal(fix('true) || (true'), 'invalid-request');
  const commented = fix('true // ');
  assert.equal(compileCondition(commented).ok, false, 'a comment takes our bracket with it: such a grant is refused');
});

test('it is made from the request of a connection, for that tool alone', () => {
  assert.equal(fix(undefined, { from: 'nothing' }), 'invalid-request');
  assert.equal(fix(undefined, { from: 'connect' }), 'invalid-request');
  assert.equal(fix(undefined, { tool: 'connect' }), 'invalid-request');
  assert.equal(fix(undefined, { args: { host: 'a" || true || "', port: 443 } }), 'invalid-request');
});
