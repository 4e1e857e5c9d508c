// Server-only. Whether a person may decide a request, by what the database says now.
import type { ProblemCode } from '#lib/contracts/problems.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Tx } from '../db/tx.ts';
import { tieSentences } from '../people/tie-sentence.ts';

/** What a request (or a grant) says about the people it is bound to. */
export type VoterFacts = {
  readonly agent_id: string;
  /** Who owned the agent when it asked; who owns it now is read with the answer. */
  readonly agent_owner_id: string;
  /** The agent's word for the human it acts for: an e-mail or a person's id. */
  readonly on_behalf_of: string | null;
  readonly opened_solo: boolean;
};
export type VoterRefusal = {
  readonly code: Extract<ProblemCode, 'not-allowed' | 'self-approval'>;
  readonly sentence: string;
  /** It bars approving only: saying no lets nothing run, and the owner must not pick who may. */
  readonly mayDeny: boolean;
};

/** What `voter_exclusion` answers; one rule, in the database, because the statement that uses an approval joins it. */
const EXCLUSIONS = {
  disabled: { code: 'not-allowed', sentence: 'This account is disabled.', mayDeny: false },
  role: { code: 'not-allowed', sentence: 'Deciding needs the role reviewer.', mayDeny: false },
  owner: {
    code: 'self-approval',
    sentence: 'You own this agent, so another reviewer must decide.',
    mayDeny: false,
  },
  principal: {
    code: 'self-approval',
    sentence: 'The agent acts for you in this call, so another reviewer must decide.',
    mayDeny: false,
  },
  'same-human': {
    code: 'self-approval',
    sentence:
      'You are the same human as somebody whose agent this is or who it acts for; another reviewer must decide.',
    mayDeny: false,
  },
  tied: {
    code: 'self-approval',
    sentence:
      'More than one person brought you in or gave you a role within a day, so your vote counts once that is confirmed.',
    mayDeny: false,
  },
  delegate: {
    code: 'self-approval',
    sentence: 'Who owns this agent or is acted for has delegated to you, so another reviewer must approve.',
    mayDeny: true,
  },
} as const satisfies Readonly<Record<string, VoterRefusal>>;

const UNKNOWN: VoterRefusal = { code: 'not-allowed', sentence: 'You may not decide this.', mayDeny: false };

/** Refused as everybody who would approve what they themselves have made approvable. */
export const LOOSENED: VoterRefusal = {
  code: 'self-approval',
  sentence: 'You made this approvable within the last 24 hours, so another reviewer must approve.',
  mayDeny: true,
};

/**
 * Whether the person may vote.
 *
 * Refuses whoever is disabled or no reviewer, the agent's owner (then and now: handing an agent to a friend for a minute must
 * not make its calls one's own to approve), the human it acts for, other accounts of the same humans, and whoever holds a
 * running delegation from any of them (T07); the last may deny, because a delegation needs no consent and would otherwise
 * silence whoever the owner picks. In a solo install, and only for what was asked while solo, the one reviewer may.
 */
export async function judgeVoter(
  tx: Tx,
  personId: string,
  facts: VoterFacts,
  decision: 'approve' | 'deny' = 'approve',
): Promise<Result<true, VoterRefusal>> {
  const rows = await tx.$queryRaw<{ why: string | null }[]>`
    SELECT voter_exclusion(${personId}::uuid, ${facts.agent_id}::uuid, ${facts.agent_owner_id}::uuid,
      ${facts.on_behalf_of}, ${facts.opened_solo}) AS why`;
  const row = rows[0];
  if (row?.why === null) return ok(true);
  const refusal: VoterRefusal = isExclusion(row?.why) ? EXCLUSIONS[row.why] : UNKNOWN;
  if (row?.why === 'same-human' || row?.why === 'tied') {
    const tie = (await tieSentences(tx, [personId])).get(personId);
    return err(tie === undefined ? refusal : { ...refusal, sentence: `${refusal.sentence} ${tie}` });
  }
  return decision === 'deny' && refusal.mayDeny ? ok(true) : err(refusal);
}

/**
 * Whether a person may vote in another's place: the other gave them a delegation that runs now, and may decide this
 * themself. A delegation reaches one step: what was delegated to A is not A's to hand on, because the seat is A's own.
 */
export async function judgeSeat(
  tx: Tx,
  delegateId: string,
  forPersonId: string,
  facts: VoterFacts,
  decision: 'approve' | 'deny',
): Promise<Result<{ readonly name: string }, VoterRefusal>> {
  const rows = await tx.$queryRaw<{ name: string }[]>`
    SELECT p.name FROM delegations d JOIN people p ON p.id = d.from_id
    WHERE d.from_id = ${forPersonId}::uuid AND d.to_id = ${delegateId}::uuid AND d.revoked_at IS NULL
      AND d.starts_at <= clock_timestamp() AND d.ends_at > clock_timestamp() LIMIT 1 FOR SHARE OF d`;
  const seat = rows[0];
  if (seat === undefined)
    return err({ code: 'not-allowed', sentence: 'This person has not delegated to you.', mayDeny: true });
  const judged = await judgeVoter(tx, forPersonId, facts, decision);
  if (judged.ok) return ok(seat);
  return err({ ...judged.error, sentence: 'Whom you would vote for may not decide this.' });
}

/** The people in whose place somebody may vote on this now. */
export function seatsOpenTo(
  tx: Tx,
  personId: string,
  facts: VoterFacts,
): Promise<readonly { readonly id: string; readonly name: string }[]> {
  return tx.$queryRaw<{ id: string; name: string }[]>`
    SELECT DISTINCT p.id::text, p.name FROM delegations d JOIN people p ON p.id = d.from_id
    WHERE d.to_id = ${personId}::uuid AND d.revoked_at IS NULL
      AND d.starts_at <= clock_timestamp() AND d.ends_at > clock_timestamp()
      AND voter_exclusion(p.id, ${facts.agent_id}::uuid, ${facts.agent_owner_id}::uuid, ${facts.on_behalf_of},
        ${facts.opened_solo}) IS NULL
    ORDER BY p.name, p.id::text`;
}

/** The groups somebody is in now. */
export async function groupsOf(tx: Tx, personId: string): Promise<readonly string[]> {
  const rows = await tx.$queryRaw<{ groups: string[] }[]>`SELECT groups FROM people WHERE id = ${personId}::uuid`;
  return rows[0]?.groups ?? [];
}

/** Locks people's rows as they are, so that a role cannot go between the check and the count. */
export async function holdPeople(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM people WHERE id = ANY(${[...ids]}::uuid[]) ORDER BY id FOR SHARE`;
}

function isExclusion(why: string | undefined): why is keyof typeof EXCLUSIONS {
  return why !== undefined && Object.hasOwn(EXCLUSIONS, why);
}
