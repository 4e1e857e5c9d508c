import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ApprovalDetail } from '#lib/contracts/approvals.ts';
import { argsHash } from '#lib/core/calls/digest.ts';
import { blockApprove, blockDeny, hasApproved, judgeDigest, listChanges, type Situation } from './judge-decision.ts';
import { sampleApproval } from './sample-approval.ts';

const record = sampleApproval();
const calm: Situation = {
  record,
  nowMs: Date.parse(record.expiresAt) - 60_000,
  stale: false,
  killed: [],
  unopened: 0,
  digest: 'matches',
  checking: false,
  approvedByMe: false,
};
const with_ = (change: Partial<ApprovalDetail>): Situation => ({ ...calm, record: { ...record, ...change } });

describe('an approval', () => {
  it('can be sent when nothing speaks against it', () => assert.equal(blockApprove(calm), null));
  const cases: readonly (readonly [string, Situation, RegExp])[] = [
    ['the page is stale', { ...calm, stale: true }, /stale/],
    ['the kill switch covers the call', { ...calm, killed: [{ kind: 'high-risk' }] }, /kill switch/],
    ['high-risk arguments are still folded', { ...calm, unopened: 2 }, /2 folded parts/],
    ['high-risk arguments are still being checked', { ...calm, checking: true }, /still being checked/],
    ['the digest does not match what is shown', { ...calm, digest: 'differs' }, /do not match the digest/],
    ['long arguments are still being hashed', { ...calm, digest: 'checking' }, /still being recomputed/],
    ['the reader has approved it already', { ...calm, approvedByMe: true }, /You approved/],
    ['time is up', { ...calm, nowMs: Date.parse(record.expiresAt) }, /Time is up/],
    ['it is decided', with_({ status: 'denied' }), /Already decided/],
    [
      'the reader owns the agent',
      with_({ mayVote: { allowed: false, code: 'self-approval', sentence: 'You own this agent.', mayDeny: false } }),
      /You own/,
    ],
  ];
  for (const [why, situation, sentence] of cases) {
    it(`is blocked with a sentence when ${why}`, () => assert.match(blockApprove(situation) ?? '', sentence));
  }
  it('of medium risk may leave folded text unopened', () =>
    assert.equal(blockApprove({ ...with_({ tier: 'medium' }), unopened: 2 }), null));
  it('is not blocked by a kill of something else', () =>
    assert.equal(blockApprove({ ...calm, killed: [{ kind: 'server', server: 'other' }] }), null));
});

describe('a denial', () => {
  it('stays possible while stale, killed or unread', () =>
    assert.equal(
      blockDeny({ ...calm, stale: true, killed: [{ kind: 'everything' }], unopened: 3, digest: 'differs' }),
      null,
    ));
  it('stays possible after an approval that has not run', () =>
    assert.equal(blockDeny(with_({ status: 'approved' })), null));
  it('is over once the call ran', () => assert.match(blockDeny(with_({ status: 'consumed' })) ?? '', /Already/));
});

describe('an own approval', () => {
  const [vote] = record.votes;
  const voted = (change: Partial<ApprovalDetail>) => hasApproved({ ...record, ...change }, vote?.personId);
  it('is known from the votes', () => {
    assert.equal(hasApproved(record, vote?.personId), true);
    assert.equal(hasApproved(record, record.id), false);
    assert.equal(hasApproved(record, undefined), false);
  });
  it('may be given again once it no longer counts, was withdrawn, or where another place is free', () => {
    assert.ok(vote !== undefined);
    assert.equal(voted({ votes: [{ ...vote, counts: false }] }), false);
    assert.equal(voted({ votes: [{ ...vote, withdrawnAt: vote.castAt }] }), false);
    assert.equal(voted({ votes: [{ ...vote, forPersonName: 'Ana' }] }), false);
    assert.equal(voted({ mayVoteFor: [{ id: record.id, name: 'Ana' }] }), false);
  });
});

/** As the page judges it once the shown arguments are hashed. */
const judge = (of: ApprovalDetail) => judgeDigest(of, argsHash(of.canonicalArgs));

describe('the digest', () => {
  it('matches the sample, whose digest was computed from its inputs', () => assert.equal(judge(record), 'matches'));
  it('does not match when other arguments are shown', () =>
    assert.equal(judge({ ...record, canonicalArgs: '{"a":1}' }), 'differs'));
  it('does not match when an input is swapped', () =>
    assert.equal(judge({ ...record, digestInputs: { ...record.digestInputs, agent: 'other' } }), 'differs'));
  it('matches nothing before the shown arguments are hashed', () =>
    assert.equal(judgeDigest(record, null), 'checking'));
});

describe('what changed meanwhile', () => {
  it('is said in words', () => {
    assert.deepEqual(listChanges(record, { ...record, status: 'denied' }), ['It is now denied.']);
    assert.deepEqual(listChanges(record, { ...record, version: 9 }), ['The record has a newer version.']);
  });
});

describe('the digest of a request whose arguments the retention rule has erased', () => {
  const erased: ApprovalDetail = {
    ...record,
    status: 'succeeded',
    canonicalArgs: '{"erased by the retention rule":"2026-01-01T00:00:00.000Z"}',
    argsErasedAt: '2026-01-01T00:00:00.000Z',
  };
  it('raises no alarm: nothing is shown that could differ', () => assert.equal(judge(erased), 'erased'));
  it('raises one when the rest is not what it stands for', () =>
    assert.equal(judge({ ...erased, digestInputs: { ...erased.digestInputs, tool: 'other' } }), 'differs'));
  it('raises one when nothing was erased, and while the request can still be decided or run', () => {
    assert.equal(judge({ ...erased, argsErasedAt: null }), 'differs');
    for (const status of ['pending', 'approved', 'consumed'] as const) {
      assert.equal(judge({ ...erased, status }), 'differs', status);
    }
  });
});
