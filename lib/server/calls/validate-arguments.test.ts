import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '#lib/core/json/value.ts';
import type { SnapshotTool } from '../snapshot/snapshot.ts';
import { createArgumentValidator } from './validate-arguments.ts';

const validate = createArgumentValidator();
let schemas = 0;

function check(inputSchema: JsonObject, args: JsonObject): string | null {
  const tool: SnapshotTool = {
    id: '01900000-0000-7000-8000-000000000000',
    name: 't',
    definition: { name: 't', inputSchema },
    digest: String(++schemas),
    pinState: 'accepted',
    tier: 'low',
    actionClass: 'other',
    readsUntrusted: false,
  };
  return validate(tool, args)?.code ?? null;
}

/** Whoever finds a schema and arguments that keep the check busy stops the gateway for everybody. */
function assertQuick(what: () => void): void {
  const startedAt = performance.now();
  what();
  assert.ok(performance.now() - startedAt < 2_000);
}

test('arguments that fit pass, others are refused, a schema that cannot be used lets nothing through', () => {
  const schema = { type: 'object', properties: { path: { type: 'string', pattern: '^/tmp/' } }, required: ['path'] };
  assert.equal(check(schema, { path: '/tmp/x' }), null);
  assert.equal(check(schema, { path: '/etc/x' }), 'args-invalid');
  assert.equal(check({ type: 'object', properties: { n: { type: 'number' } } }, { n: 'x' }), 'args-invalid');
  assert.equal(check({ $ref: 'https://elsewhere.example/schema' }, {}), 'args-invalid');
});

test('a pattern that backtracks for hours is given up', () => {
  const schema = { type: 'object', properties: { a: { type: 'string', pattern: '^(a+)+$' } } };
  assertQuick(() => assert.equal(check(schema, { a: `${'a'.repeat(50)}!` }), 'args-invalid'));
});

test('unique items of a list that is too long to compare are given up', () => {
  const schema = { type: 'object', properties: { list: { type: 'array', uniqueItems: true } } };
  const list = Array.from({ length: 100_000 }, (_, n) => ({ n }));
  assertQuick(() => assert.equal(check(schema, { list }), 'args-invalid'));
});

test('a schema whose alternatives double at every step is given up', () => {
  const $defs: JsonObject = Object.fromEntries(
    Array.from({ length: 60 }, (_, n) => [
      `d${n}`,
      { properties: { a: { anyOf: [{ $ref: `#/$defs/d${n + 1}` }, { $ref: `#/$defs/d${n + 1}` }] } } },
    ]),
  );
  let args: JsonObject = { a: 1 };
  for (let n = 0; n < 60; n++) args = { a: args };
  const schema = { type: 'object', $ref: '#/$defs/d0', $defs: { ...$defs, d60: { type: 'string' } } };
  assertQuick(() => assert.equal(check(schema, args), 'args-invalid'));
});
