import assert from 'node:assert/strict';
import { test } from 'node:test';
import { huntCreateSchema } from '#lib/contracts/hunts.ts';
import { AUDIT_EVENT_TYPES } from '#lib/core/audit/event-types.ts';
import { READY_HUNTS } from './ready-hunts.ts';

test('every ready hunt looks for kinds that the log knows, and could have been saved by a person', () => {
  const families = new Set(AUDIT_EVENT_TYPES.flatMap((type) => [type, `${type.split('.')[0]}.`]));
  for (const { name, filters } of READY_HUNTS) {
    assert.ok(huntCreateSchema.safeParse({ name, filters }).success, name);
    for (const type of filters.type?.split(',') ?? []) assert.ok(families.has(type), `${name}: ${type}`);
  }
});

test('a hunt needs a name that shows what it holds, and a filter', () => {
  const filters = { type: 'kill.' };
  for (const name of ['', '   ', 'a\u202Eb', 'a\u200Bb', 'a\nb', 'x'.repeat(61)]) {
    assert.ok(!huntCreateSchema.safeParse({ name, filters }).success, JSON.stringify(name));
  }
  assert.ok(huntCreateSchema.safeParse({ name: ' Нощни <b>calls</b> ', filters }).success);
  for (const wrong of [{}, { before: '3' }, { type: '' }, { tool: 'x'.repeat(201) }, { tool: 'a\0b' }]) {
    assert.ok(!huntCreateSchema.safeParse({ name: 'n', filters: wrong }).success, JSON.stringify(wrong));
  }
});
