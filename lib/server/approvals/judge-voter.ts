// Server-only. Whether a person may decide a request, by what the database says now.
import type { ProblemCode } from '#lib/contracts/problems.ts';
import { mayVote } from '#lib/core/approvals/votes.ts';
import type { Role } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Tx } from '../db/tx.ts';
import type { Separation } from '../people/read-separation.ts';

/** A person as their row says at this moment. */
export type CurrentVoter = { readonly id: string; readonly email: string; readonly roles: readonly Role[] };
export type VoterFacts = {
  readonly agent_owner_id: string;
  readonly current_owner_id: string;
  readonly on_behalf_of: string | null;
  readonly opened_solo: boolean;
};
type VoterRefusal = { readonly code: Extract<ProblemCode, 'not-allowed' | 'self-approval'>; readonly sentence: string };

/**
 * Whether the person may vote.
 * The owner counts as they were when the agent asked *and* as they are now: handing an agent to a friend for a minute
 * must not make its calls one's own to approve. The solo rule holds only for what was asked while solo: an admin must not
 * free a waiting call of their own by disabling the other reviewer (T10, never the looser). `onBehalfOf` is the agent's word for a human; an e-mail or a person's id
 * is taken as that person.
 */
export function judgeVoter(
  voter: CurrentVoter | null,
  facts: VoterFacts,
  separation: Separation,
): Result<true, VoterRefusal> {
  if (voter === null) return err({ code: 'not-allowed', sentence: 'This account is disabled.' });
  const solo = separation === 'solo' && facts.opened_solo;
  const onBehalfOfHumanId = isNamed(voter, facts.on_behalf_of) ? voter.id : null;
  for (const ownerId of [facts.agent_owner_id, facts.current_owner_id]) {
    const verdict = mayVote({ voter, request: { ownerId, onBehalfOfHumanId }, solo });
    if (!verdict.ok) return err({ code: verdict.error.code, sentence: sentenceOf(verdict.error.code, voter, facts) });
  }
  return ok(true);
}

/** The active people among some ids, as their rows say now; locked, so that a role cannot go between check and count. */
export async function readVoters(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, CurrentVoter>> {
  const rows = await tx.$queryRaw<CurrentVoter[]>`
    SELECT id::text, email, roles::text[] AS roles FROM people
    WHERE id = ANY(${[...ids]}::uuid[]) AND status = 'active' ORDER BY id FOR SHARE`;
  return new Map(rows.map((row) => [row.id, row]));
}

function isNamed(voter: CurrentVoter, onBehalfOf: string | null): boolean {
  const named = onBehalfOf?.trim().toLowerCase();
  return named !== undefined && (named === voter.email || named === voter.id);
}

function sentenceOf(code: VoterRefusal['code'], voter: CurrentVoter, facts: VoterFacts): string {
  switch (code) {
    case 'not-allowed':
      return 'Deciding needs the role reviewer.';
    case 'self-approval':
      return isNamed(voter, facts.on_behalf_of)
        ? 'The agent acts for you in this call, so another reviewer must decide.'
        : 'You own this agent, so another reviewer must decide.';
  }
}
