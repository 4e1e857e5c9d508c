import type { ApprovalDetail } from '#lib/contracts/approvals.ts';
import { callDigest } from '#lib/core/calls/digest.ts';
import { type KillScope, scopeCovers } from '#lib/core/kill-switch/scopes.ts';

/** Why a decision cannot be sent now, as a sentence for the reader; null = it can. */
export type Blocked = string | null;

export type Situation = {
  readonly record: ApprovalDetail;
  readonly nowMs: number;
  readonly stale: boolean;
  readonly killed: readonly KillScope[];
  /** Fields that are still folded and have not been opened by this reader. */
  readonly unopened: number;
  readonly digest: DigestVerdict;
  /** The arguments are still being read for harm; what is found would appear under the reader's hand. */
  readonly checking: boolean;
  /** The reader's own approval stands and counts, and there is nobody else whose place they could take. */
  readonly approvedByMe: boolean;
};

/** `checking`: the arguments are still being hashed; until that is done nothing is known to match. */
export type DigestVerdict = 'checking' | 'matches' | 'erased' | 'differs';

/**
 * Whether what is on the screen is what the digest stands for. `shownHash` is the hash of the shown arguments, computed in
 * this browser, so that a server or an extension that shows one thing and lets another be signed is noticed; null while it
 * is on its way.
 *
 * `erased`: the retention rule took the arguments of a request that is over, and the rest still is what the digest stands for.
 * Of one that can still be decided or run nothing is erased, whatever the server says.
 */
export function judgeDigest(record: ApprovalDetail, shownHash: string | null): DigestVerdict {
  if (callDigest(record.digestInputs) !== record.digest) return 'differs';
  if (shownHash === null) return 'checking';
  if (record.digestInputs.argsHash === shownHash) return 'matches';
  const isOver = record.status !== 'pending' && record.status !== 'approved' && record.status !== 'consumed';
  return isOver && record.argsErasedAt !== null ? 'erased' : 'differs';
}

/** Reasons that stop an approval, the one that matters most first. The server decides again: this only explains. */
export function blockApprove(now: Situation): Blocked {
  const common = blockTime(now);
  if (common !== null) return common;
  if (!now.record.mayVote.allowed) return now.record.mayVote.sentence;
  if (now.digest === 'differs') return 'The arguments shown do not match the digest. Do not approve; tell security.';
  if (now.record.status !== 'pending') return 'Already decided.';
  if (now.approvedByMe) return 'You approved this. You may still deny it, or withdraw your vote.';
  if (now.stale) return 'This page is stale: the server has not answered for more than 10 seconds.';
  if (now.killed.some((scope) => scopeCovers(scope, now.record))) return 'Stopped by the kill switch.';
  if (now.digest === 'checking') return 'The digest of the arguments is still being recomputed.';
  if (now.record.tier === 'high' && now.checking) return 'The arguments are still being checked.';
  if (now.record.tier === 'high' && now.unopened > 0) {
    return `Open the ${now.unopened === 1 ? 'folded part' : `${now.unopened} folded parts`} of the arguments first.`;
  }
  return null;
}

/** Reasons that stop a denial. Denying stays possible where approving is not: stale, killed, or unread. */
export function blockDeny(now: Situation): Blocked {
  const common = blockTime(now);
  if (common !== null) return common;
  if (!now.record.mayVote.allowed && !now.record.mayVote.mayDeny) return now.record.mayVote.sentence;
  return now.record.status === 'pending' || now.record.status === 'approved' ? null : 'Already decided.';
}

/** Whether the reader may say no, be it only that. */
export function mayDeny({ mayVote }: Pick<ApprovalDetail, 'mayVote'>): boolean {
  return mayVote.allowed || mayVote.mayDeny;
}

function blockTime({ record, nowMs }: Situation): Blocked {
  if (record.status === 'pending' && nowMs > 0 && Date.parse(record.expiresAt) <= nowMs) {
    return 'Time is up: nobody decided, so it counts as denied.';
  }
  return null;
}

/** Whether the reader has already said yes in every way they can. A vote that no longer counts may be cast again. */
export function hasApproved(record: ApprovalDetail, personId: string | undefined): boolean {
  const own = record.votes.some(
    (vote) =>
      vote.personId === personId &&
      vote.forPersonName === null &&
      vote.decision === 'approve' &&
      vote.withdrawnAt === null &&
      vote.counts,
  );
  return own && record.mayVoteFor.length === 0;
}

/** What differs between the record that was decided on and the fresh one, in words. */
export function listChanges(before: ApprovalDetail, after: ApprovalDetail): readonly string[] {
  const changes: string[] = [];
  if (before.status !== after.status) changes.push(`It is now ${after.status.replaceAll('-', ' ')}.`);
  if (before.canonicalArgs !== after.canonicalArgs) changes.push('The arguments are different.');
  if (before.digestInputs.toolDigest !== after.digestInputs.toolDigest) changes.push("The tool's definition changed.");
  if (before.digestInputs.serverConfigHash !== after.digestInputs.serverConfigHash) {
    changes.push("The server's configuration changed.");
  }
  if (before.votes.length !== after.votes.length) changes.push('Somebody else voted meanwhile.');
  if (before.digest !== after.digest && changes.length === 0) changes.push('The digest is different.');
  return changes.length === 0 ? ['The record has a newer version.'] : changes;
}
