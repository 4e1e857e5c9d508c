// The example is what people start from: it must be accepted as it stands, and with every example in it switched on.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readConfig } from './read-config.ts';

const EXAMPLE = readFileSync('countersign.example.yaml', 'utf8');
/** Lines of YAML that are commented out; prose is not indented, and names no section. */
const SWITCHED_OFF = /^( *)# ((?: *- .*|(?:agents|credentials):| {2}.*))$/gm;

test('the example file is a configuration that apply takes', () => {
  const read = readConfig(EXAMPLE);
  assert.ok(read.ok, JSON.stringify(read));
});

test('the examples that are switched off in it would be taken too', () => {
  const [, head = ''] = /^([\s\S]*?)version: 1/.exec(EXAMPLE) ?? [];
  const read = readConfig(EXAMPLE.slice(head.length).replace(SWITCHED_OFF, '$1$2'));
  assert.ok(read.ok, JSON.stringify(read));
  assert.equal(read.value.file.agents?.length, 1);
  assert.deepEqual(
    read.value.file.credentials?.map((one) => one.name),
    ['tickets-oauth', 'tickets-token'],
  );
  assert.equal(read.value.file.egress?.length, 2);
});
