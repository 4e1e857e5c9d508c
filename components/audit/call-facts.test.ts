import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareArgs } from '#components/args/compare-args.ts';
import type { AuditRow } from '#lib/contracts/audit.ts';
import { factsText } from './call-facts.ts';

const CALL = '01900000-0000-7000-8000-000000000001';
function row(type: string, over: Partial<AuditRow> = {}, entry: object = {}): AuditRow {
  return {
    seq: '1',
    at: '2026-11-23T10:00:00.000Z',
    type,
    leaf: '',
    entry: JSON.stringify({ args_commit: String(Math.random()), ...entry }),
    callId: CALL,
    requestId: null,
    sessionId: 'bot/s',
    agent: 'bot',
    server: 'files',
    tool: 'write',
    actor: 'bot',
    decision: null,
    tier: 'high',
    sentence: type,
    ...over,
  };
}

test('two calls that differ in nothing but their ids, times and salts read the same', () => {
  const one = factsText(CALL, [row('call.intent', {}, { policy: { id: 'rule', ver: 3 } })]);
  const two = factsText(CALL, [
    row('call.intent', { at: '2026-11-24T10:00:00.000Z', seq: '9' }, { policy: { id: 'rule', ver: 3 } }),
  ]);
  assert.equal(one, two);
});

test('what differs is named by its path: the tool, the policy version, who voted, how it ended', () => {
  const one = factsText(CALL, [
    row('request.opened', {}, { policy: { id: 'rule', ver: 3 } }),
    row('vote.cast', { actor: 'ben', decision: 'approve' }, { decision: 'approve' }),
    row('request.approved'),
  ]);
  const two = factsText(CALL, [
    row('request.opened', { tool: 'delete\u202E' }, { policy: { id: 'rule', ver: 4 } }),
    row('vote.cast', { actor: 'cleo', decision: 'deny' }, { decision: 'deny' }),
    row('request.denied'),
  ]);
  const changed = compareArgs(two, one).rows.filter(({ mark }) => mark === 'changed');
  const keys = changed.map(({ row: { key } }) => key);
  for (const key of ['tool', 'policyVersion', 'People']) assert.ok(keys.includes(key), `${key} of ${keys.join()}`);
  assert.equal(factsText(CALL, []), '{}');
  assert.doesNotThrow(() => factsText(CALL, [{ ...row('call.intent'), entry: 'no json' }]));
});
