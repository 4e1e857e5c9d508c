import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AuditRow } from '#lib/contracts/audit.ts';
import { formatGap, laneOf, lanesOf } from './lanes.ts';

const CALL = '01900000-0000-7000-8000-000000000001';
let seq = 0;
function row(type: string, atMs: number, entry: object = {}, callId: string | null = CALL): AuditRow {
  return {
    seq: String(seq++),
    at: new Date(1_700_000_000_000 + atMs).toISOString(),
    type,
    leaf: '',
    entry: JSON.stringify({ type, ...entry }),
    callId,
    requestId: null,
    sessionId: 'bot/s',
    agent: 'bot',
    server: 'files',
    tool: 'delete',
    actor: 'bot',
    decision: null,
    tier: 'high',
    sentence: type,
  };
}
const drawn = (rows: readonly AuditRow[]) =>
  laneOf(CALL, rows)?.steps.map(({ stage, tone, word, afterMs }) => `${stage} ${tone} ${word} ${afterMs ?? '-'}`);

describe('a lane', () => {
  it('leads a held call through every stage, with the time from each to the next', () => {
    const rows = [
      row('request.opened', 0),
      row('vote.cast', 4000, { decision: 'approve' }),
      row('request.approved', 4010),
      row('request.consumed', 4100),
      row('call.intent', 4110),
      row('call.outcome', 4410, { result: { status: 'succeeded' } }),
      row('request.finished', 4420, { result: { status: 'succeeded' } }),
    ];
    assert.deepEqual(drawn(rows), [
      'call plain asked -',
      'gate odd held -',
      'votes good approved 4000',
      'use good sent 90',
      'result good succeeded 300',
    ]);
    assert.equal(laneOf(CALL, rows)?.tookMs, 4420);
  });
  it('needs no people where the gate allowed at once', () => {
    const rows = [
      row('call.intent', 0, { decision: 'allow' }),
      row('call.outcome', 12, { result: { status: 'failed' } }),
    ];
    assert.deepEqual(drawn(rows), [
      'call plain asked -',
      'gate good allowed -',
      'votes skipped not needed -',
      'use skipped not needed -',
      'result bad failed 12',
    ]);
  });
  it('ends where it was refused, and says in which words', () => {
    assert.deepEqual(drawn([row('call.refused', 0, { code: 'denied-by-policy' })])?.slice(1), [
      'gate bad denied by policy -',
      'votes skipped not needed -',
      'use skipped not needed -',
      'result skipped not reached -',
    ]);
    assert.deepEqual(drawn([row('request.opened', 0), row('request.denied', 5)])?.slice(2), [
      'votes bad denied 5',
      'use skipped not reached -',
      'result skipped not reached -',
    ]);
  });
  it('shows what is still to come of one that waits', () => {
    assert.deepEqual(drawn([row('request.opened', 0)])?.slice(2), [
      'votes waiting not yet -',
      'use skipped not reached -',
      'result skipped not reached -',
    ]);
  });
  it('draws a text that is no entry without a word of it, and never breaks', () => {
    assert.deepEqual(drawn([{ ...row('call.outcome', 0), entry: '{' }])?.at(-1), 'result bad ended -');
    assert.equal(laneOf(CALL, []), null);
  });
});

describe('the lanes of a session', () => {
  it('stand in the order in which the calls began, with what belongs to no call between them', () => {
    const other = '01900000-0000-7000-8000-000000000002';
    const lanes = lanesOf([
      row('call.intent', 0, {}, CALL),
      row('session.quarantined', 5, {}, null),
      row('call.refused', 9, {}, other),
      row('call.outcome', 10, { result: { status: 'succeeded' } }, CALL),
      row('session.tainted', 11, {}, CALL),
    ]);
    assert.deepEqual(
      lanes.map((lane) => (lane.kind === 'call' ? `${lane.callId} ${lane.aside.length}` : lane.row.type)),
      [`${CALL} 1`, 'session.quarantined', `${other} 0`],
    );
  });
});

it('a time reads as people say it', () => {
  assert.deepEqual([12, 3210, 42_000, 250_000, 7_500_000, 90_000_000].map(formatGap), [
    '12 ms',
    '3.2 s',
    '42 s',
    '4 min 10 s',
    '2 h 5 min',
    '1 d 1 h',
  ]);
});
