import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ApprovalSummary } from '#lib/contracts/approval-rows.ts';
import type { Tier } from '#lib/core/risk/types.ts';
import { arrangePending, countUnsorted, type InboxItem, updateInPlace } from './arrange-inbox.ts';

const NOW = Date.parse('2026-11-22T14:00:00.000Z');

function request(id: string, tier: Tier, minutesLeft: number): ApprovalSummary {
  return {
    id,
    version: 1,
    digest: '5f'.repeat(32),
    status: 'pending',
    callId: id,
    agent: 'openclaw-prod',
    onBehalfOf: null,
    server: 'filesystem',
    tool: 'write_file',
    tier,
    actionClass: 'file-write',
    rule: `default-${tier}`,
    quorum: { needed: 1, approved: 0 },
    argsPreview: '{}',
    argsBytes: 2,
    requestedAt: new Date(NOW).toISOString(),
    expiresAt: new Date(NOW + minutesLeft * 60_000).toISOString(),
    decidedAt: null,
    claimedBy: null,
    mine: false,
  };
}

const shown = (items: readonly InboxItem[]) =>
  items.map((item) => (item.kind === 'heading' ? `# ${item.text}` : `${item.id}${item.gone ? ' gone' : ''}`));

describe('the inbox', () => {
  it('puts high risk first, then what ends sooner, and keeps the rest apart', () => {
    const items = arrangePending(
      [request('calm', 'medium', 50), request('soon', 'medium', 2), request('b', 'high', 12), request('a', 'high', 1)],
      NOW,
    );
    assert.deepEqual(shown(items), ['# Waiting for you', 'a', 'b', 'soon', '# Can wait', 'calm']);
  });

  it('has no heading for a group without requests', () => {
    assert.deepEqual(shown(arrangePending([request('x', 'medium', 50)], NOW)), ['# Can wait', 'x']);
    assert.deepEqual(arrangePending([], NOW), []);
  });

  it('moves no line while it is in use: what went is kept as gone, what came stands at the end', () => {
    const before = arrangePending([request('a', 'high', 1), request('b', 'high', 12)], NOW);
    const after = updateInPlace(before, [request('b', 'high', 12), request('worst', 'high', 0.5)]);
    assert.deepEqual(shown(after), ['# Waiting for you', 'a gone', 'b', '# Just came in', 'worst']);
    assert.equal(countUnsorted(after), 1);
    const later = updateInPlace(after, [request('b', 'high', 12), request('next', 'medium', 9)]);
    assert.deepEqual(shown(later), ['# Waiting for you', 'a gone', 'b', '# Just came in', 'worst gone', 'next']);
    assert.equal(countUnsorted(later), 1);
  });

  it('shows the newest version of a line that stays', () => {
    const before = arrangePending([request('a', 'high', 10)], NOW);
    const [, line] = updateInPlace(before, [{ ...request('a', 'high', 10), claimedBy: 'Jonas' }]);
    assert.equal(line?.kind === 'row' ? line.row.claimedBy : null, 'Jonas');
  });
});
