import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Rule } from '#lib/core/policies/rule.ts';
import { compact, errorAt, faultsOf, localFaults, positionIn } from './local-faults.ts';

// biome-ignore lint/suspicious/noThenProperty: the word of countersign.yaml; a rule is never awaited.
const rule = (more: Partial<Rule>): Rule => ({ name: 'a-rule', when: {}, then: 'hold', ...more });

test('what is not well-formed is found at its line and place', () => {
  const faults = localFaults([
    { key: 7, rule: rule({}) },
    { key: 9, rule: rule({ name: 'No Name', when: { tools: [''] }, quorum: 0 }) },
  ]);
  assert.deepStrictEqual([...new Set(faults.map((fault) => fault.key))], [9]);
  assert.deepStrictEqual(faults.map((fault) => fault.field).toSorted(), ['name', 'quorum', 'when.tools[0]']);
  assert.match(errorAt(faults, 'name') ?? '', /^Lower-case letters/);
  assert.equal(errorAt(faults, 'quorum'), 'At least 1.');
  assert.equal(errorAt(faults, 'when.tools'), 'This is empty.');
  assert.equal(errorAt(faults, 'when.agents'), null);
});

test('findings of lint go to every line of that name, those of the whole policy to none', () => {
  const findings = [
    { rule: 'a-rule', field: 'if', level: 'error', code: 'bad-condition', sentence: 'Line 1, column 8: no such name.' },
    { rule: null, field: null, level: 'warning', code: 'frees', sentence: 'x' },
  ] as const;
  const faults = faultsOf(findings, [
    { key: 1, rule: rule({}) },
    { key: 2, rule: rule({ name: 'other' }) },
  ]);
  assert.deepStrictEqual(
    faults.map((fault) => fault.key),
    [1, null],
  );
  assert.deepStrictEqual(positionIn(faults[0]?.sentence ?? ''), { line: 1, column: 8 });
  assert.equal(positionIn('nothing of the kind'), null);
});

test('members that were emptied are not sent at all', () => {
  assert.deepStrictEqual(compact([rule({ quorum: undefined, when: { tools: undefined } })]), [rule({})]);
});
