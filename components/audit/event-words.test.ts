import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AUDIT_EVENT_TYPES } from '#lib/core/audit/event-types.ts';
import { EVENT_GROUPS } from './event-words.ts';

test('every kind of event stands under exactly one heading of the filter', () => {
  const grouped = EVENT_GROUPS.flatMap((group) => group.types);
  assert.deepEqual(grouped.toSorted(), [...AUDIT_EVENT_TYPES].toSorted());
});
