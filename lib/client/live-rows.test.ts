import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ApprovalSummary, ApprovalsPage } from '#lib/contracts/approval-rows.ts';
import { createNewest, freshenPage, type InboxPages, mergeRows, rowsOf } from './live-rows.ts';

function row(id: string, version: number, over: Partial<ApprovalSummary> = {}): ApprovalSummary {
  return {
    id,
    version,
    digest: '5f'.repeat(32),
    status: 'pending',
    callId: id,
    agent: 'openclaw-prod',
    onBehalfOf: null,
    server: 'filesystem',
    tool: 'write_file',
    tier: 'high',
    actionClass: 'file-write',
    rule: 'default-high',
    quorum: { needed: 1, approved: 0 },
    argsPreview: '{}',
    argsBytes: 2,
    requestedAt: '2026-11-22T14:00:00.000Z',
    expiresAt: '2026-11-22T14:15:00.000Z',
    decidedAt: null,
    claimedBy: null,
    mine: false,
    ...over,
  };
}

const page = (...items: readonly ApprovalSummary[]): ApprovalsPage => ({
  items: [...items],
  nextCursor: null,
  serverTime: '2026-11-22T14:00:00.000Z',
});
const pages = (...all: readonly ApprovalsPage[]): InboxPages => ({ pages: [...all], pageParams: all.map(() => '') });
const names = (data: InboxPages) => rowsOf(data).map(({ id, version }) => `${id}${version}`);

describe('a line that changed', () => {
  const before = pages(page(row('a', 1), row('b', 1)), page(row('c', 1)));

  it('takes its own place, and the pages it does not concern stay as they are', () => {
    const after = mergeRows('pending', before, [row('b', 2, { claimedBy: 'Ben' })]);
    assert.deepEqual(names(after), ['a1', 'b2', 'c1']);
    assert.equal(after.pages[1], before.pages[1]);
  });
  it('leaves the folder when it no longer waits', () => {
    assert.deepEqual(names(mergeRows('pending', before, [row('a', 2, { status: 'denied' })])), ['b1', 'c1']);
  });
  it('that came in stands at the end of what waits, and at the head of what was decided', () => {
    assert.deepEqual(names(mergeRows('pending', before, [row('d', 1)])), ['a1', 'b1', 'c1', 'd1']);
    const decided = pages(page(row('x', 3, { status: 'denied' })));
    assert.deepEqual(names(mergeRows('history', decided, [row('a', 2, { status: 'denied' })])), ['a2', 'x3']);
  });
  it('changes nothing when it is none of this folder', () => {
    const mine = pages(page(row('a', 1, { mine: true })));
    assert.equal(mergeRows('mine', mine, [row('z', 1)]), mine);
  });
  it('stands once though a later page brings it too', () => {
    assert.deepEqual(names(pages(page(row('a', 1), row('d', 2)), page(row('d', 1)))), ['a1', 'd2']);
  });
});

describe('an older answer', () => {
  it('merged after a newer one changes nothing (T43)', () => {
    const before = pages(page(row('a', 4)));
    assert.deepEqual(names(mergeRows('pending', before, [row('a', 3, { claimedBy: 'late' })])), ['a4']);
  });
  it('of a whole page brings back nothing that was decided meanwhile (T43)', () => {
    const newest = createNewest();
    newest(row('a', 2, { status: 'denied' }));
    const late = freshenPage('pending', page(row('a', 1), row('b', 1)), newest);
    assert.deepEqual(names(pages(late)), ['b1']);
  });
  it('is believed again once so many others came that the newer one is forgotten', () => {
    const newest = createNewest(8);
    newest(row('a', 2));
    for (let n = 0; n < 8; n += 1) newest(row(`n${n}`, 1));
    assert.equal(newest(row('a', 1)).version, 1);
  });
});
