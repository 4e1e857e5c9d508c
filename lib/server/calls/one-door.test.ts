import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const root = new URL('../../../', import.meta.url).pathname;
const sources = globSync('{lib,server,cli,app}/**/*.{ts,tsx}', { cwd: root }).filter(
  (path) => !path.includes('/generated/') && !path.endsWith('.test.ts'),
);
const filesWith = (pattern: RegExp) => sources.filter((path) => pattern.test(readFileSync(`${root}${path}`, 'utf8')));

test('only the door makes an Authorised value', () => {
  assert.ok(sources.length > 100, 'the scan sees the code base');
  assert.deepEqual(filesWith(/brand<\s*'authorised'/), ['lib/server/calls/enforce-call.ts']);
});

test('only forwardCall sends a call to an upstream, and it takes an Authorised', () => {
  assert.deepEqual(filesWith(/upstream\.call\(/), ['lib/server/gateway/forward-call.ts']);
  const text = readFileSync(`${root}lib/server/gateway/forward-call.ts`, 'utf8');
  assert.match(text, /export function forwardCall\([^)]*call: Authorised/);
});
