// Server-only.
import type { ApprovalDetail } from '#lib/contracts/approvals.ts';
import type { Tx } from '../db/tx.ts';
import { tieSentences } from '../people/tie-sentence.ts';

/**
 * The votes of a request, oldest first, with whom each voter counts together with. Whether one counts is said by the count:
 * of a request that is over, every vote that was not taken back did.
 */
export async function readVotes(
  tx: Tx,
  id: string,
): Promise<readonly Omit<ApprovalDetail['votes'][number], 'counts'>[]> {
  const votes = await tx.vote.findMany({
    where: { requestId: id },
    orderBy: { castAt: 'asc' },
    include: { person: { select: { name: true } }, forPerson: { select: { name: true } } },
  });
  const ties = await tieSentences(
    tx,
    votes.map((vote) => vote.personId),
  );
  return votes.map((vote) => ({
    ...tieOf(ties, vote.personId),
    personId: vote.personId,
    personName: vote.person.name,
    decision: vote.decision,
    reason: vote.reason,
    castAt: vote.castAt.toISOString(),
    forPersonName: vote.forPerson?.name ?? null,
    withdrawnAt: vote.withdrawnAt?.toISOString() ?? null,
    stepUp: vote.stepUp,
    breakGlass: vote.breakGlassId !== null,
  }));
}

function tieOf(ties: ReadonlyMap<string, string>, personId: string): { readonly countsWith?: string } {
  const countsWith = ties.get(personId);
  return countsWith === undefined ? {} : { countsWith };
}
