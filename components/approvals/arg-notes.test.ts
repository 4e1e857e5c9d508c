import assert from 'node:assert/strict';
import { it } from 'node:test';
import { notesByPath } from '#components/args/arg-notes.ts';
import { alarmingContext } from './sample-context.ts';

it('what is said of a field stands beside it, and nothing beside the others', () => {
  const notes = notesByPath(alarmingContext('0'.repeat(64)));
  assert.deepEqual([...notes.keys()].sort(), ['$.amount', '$.base', '$.command', '$.payload', '$.sql']);
  assert.equal(notes.get('$.command')?.report?.kind, 'shell');
  assert.deepEqual(
    notes.get('$.command')?.firstSeen.map((one) => one.value),
    ['get.example.net'],
  );
  assert.deepEqual(notes.get('$.base')?.namedBy, ['two-people-for-deploys']);
  assert.equal(notesByPath(null).size, 0);
});
