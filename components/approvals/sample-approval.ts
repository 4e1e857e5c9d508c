import type { ApprovalDetail } from '#lib/contracts/approvals.ts';
import { argsHash, callDigest } from '#lib/core/calls/digest.ts';
import { canonicalJson } from '#lib/core/json/canonical.ts';

const AT = Date.parse('2026-11-22T14:03:40.000Z');
const iso = (ms: number) => new Date(ms).toISOString();
const HEX = '5f'.repeat(32);

/** A request as the API would answer it, for tests and the gallery; its digest is the true one of its inputs. */
export function sampleApproval(change: Partial<ApprovalDetail> = {}, atMs = AT): ApprovalDetail {
  const canonicalArgs =
    change.canonicalArgs ??
    canonicalJson({
      base: 'main',
      commit_title: 'Raise refund limit\u202E (#418)',
      merge_method: 'squash',
      pull_number: 418,
      repo: 'acme/payments',
    });
  const digestInputs = {
    agent: 'release-bot',
    onBehalfOf: 'ana@example.com',
    session: 'agent:release-bot',
    server: 'github',
    serverConfigHash: HEX,
    tool: 'merge_pull_request',
    toolDigest: HEX,
    argsHash: argsHash(canonicalArgs),
    nonce: '0197a1b2c3d4',
  };
  const id = '0197a1b2-0000-7000-8000-000000000001';
  return {
    id,
    version: 3,
    status: 'pending',
    callId: '0197a1b2-0000-7000-8000-0000000000c1',
    agent: 'release-bot',
    onBehalfOf: 'ana@example.com',
    server: 'github',
    tool: 'merge_pull_request',
    tier: 'high',
    actionClass: 'deploy',
    rule: 'two-people-for-deploys',
    quorum: { needed: 2, approved: 1 },
    argsPreview: canonicalArgs.slice(0, 160),
    argsBytes: canonicalArgs.length,
    requestedAt: iso(atMs - 180_000),
    expiresAt: iso(atMs + 102_000),
    decidedAt: null,
    claimedBy: 'Jonas',
    mine: false,
    digest: callDigest(digestInputs),
    digestInputs,
    canonicalArgs,
    argsErasedAt: null,
    agentReason: 'CI is green and Ben already approved this in chat, merging to unblock the release.',
    toolDescription: 'Merges an open pull request.',
    tagReason: 'Merging starts the production deploy; only a revert undoes it.',
    suggestionReasons: ['The name says "merge".'],
    policyVersion: 7,
    votes: [
      {
        personId: '0197a1b2-0000-7000-8000-0000000000a1',
        personName: 'Mira',
        decision: 'approve',
        reason: null,
        castAt: iso(atMs - 60_000),
        forPersonName: null,
        withdrawnAt: null,
        stepUp: false,
        counts: true,
        breakGlass: false,
      },
    ],
    terms: {
      quorum: 2,
      factors: [],
      stepUp: 'none',
      undoS: 0,
      voteTtlS: 900,
      escalation: [],
      escalationStep: 0,
      escalateAt: null,
      escalateBar: null,
      extendBar: null,
    },
    matched: ['two-people-for-deploys'],
    tainted: false,
    executeAfter: null,
    mayVoteFor: [],
    supersededBy: null,
    mayVote: { allowed: true },
    approvedUntil: null,
    finishedAt: null,
    session: [
      {
        seq: '812',
        at: iso(atMs - 269_000),
        type: 'call.intent',
        actor: null,
        sentence: 'github · get_pull_request allowed, low',
      },
      { seq: '814', at: iso(atMs - 267_000), type: 'call.intent', actor: null, sentence: 'web · fetch allowed, low' },
      {
        seq: '816',
        at: iso(atMs - 180_000),
        type: 'request.opened',
        actor: null,
        sentence: 'github · merge_pull_request held',
      },
    ],
    story: [
      {
        seq: '816',
        at: iso(atMs - 180_000),
        type: 'request.opened',
        actor: 'release-bot',
        sentence: 'release-bot asked; held by two-people-for-deploys',
      },
      { seq: '819', at: iso(atMs - 60_000), type: 'vote.cast', actor: 'Mira', sentence: 'Mira approved' },
    ],
    baseRate: { asked: 31, approved: 29, days: 30 },
    lastApproved: {
      at: iso(atMs - 2 * 86_400_000),
      canonicalArgs: canonicalJson({
        commit_title: 'Fix rounding of fees (#402)',
        merge_method: 'squash',
        pull_number: 402,
        repo: 'acme/payments',
      }),
    },
    serverTime: iso(atMs),
    ...change,
  };
}
