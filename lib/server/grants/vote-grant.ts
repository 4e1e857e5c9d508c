// Server-only.
import { randomUUIDv7 } from 'node:crypto';
import type { z } from 'zod';
import type { Grant, grantVoteSchema } from '#lib/contracts/grants.ts';
import { voteSubject } from '#lib/core/approvals/step-up.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { AnswerRefusal } from '../approvals/answer-once.ts';
import { recordEvent } from '../audit/record-event.ts';
import { type Tx, withTx } from '../db/tx.ts';
import { type StepUpDeps, verifyAssertion } from '../passkeys/verify-assertion.ts';
import { grantFacts } from './grant-event.ts';
import { viewGrant } from './grant-view.ts';
import { judgeGrantVoter } from './judge-grant-voter.ts';
import { type LockedGrant, lockGrant } from './lock-grant.ts';
import { settleGrant } from './settle-grant.ts';

export type GrantVoteInput = z.infer<typeof grantVoteSchema> & { readonly grantId: string };

/**
 * Casts one human's vote on a proposed grant; the last one that the hold's bar asks for starts it.
 *
 * The digest is the one that was on the screen and covers every term. A vote may be changed while the grant waits. Refused
 * votes are recorded: the agent's owner, a lost role, another digest, a missing or wrong passkey.
 */
export async function voteGrant(
  deps: StepUpDeps,
  principal: HumanPrincipal,
  input: GrantVoteInput,
): Promise<Result<Grant, AnswerRefusal>> {
  const shown = await checkProof(deps, principal, input);
  return withTx(deps.prisma, async (tx): Promise<Result<Grant, AnswerRefusal>> => {
    const row = await lockGrant(tx, input.grantId);
    // Whoever may vote on nothing does not learn which grants there are.
    if (row === null) return err({ code: principal.roles.includes('reviewer') ? 'not-found' : 'not-allowed' });
    const judged = await judgeGrantVoter(tx, row, principal.id, input.decision);
    if (!judged.ok) return refuse(tx, deps, principal, row, input, judged.error.code, judged.error.sentence);
    if (input.digest !== row.digest) return refuse(tx, deps, principal, row, input, 'stale-digest');
    if (row.status === 'active' && input.decision === 'approve') return answer(tx, principal, row.id);
    if (row.status !== 'pending') {
      return err({ code: 'already-decided', detail: `The grant is ${row.status}. A running one can be revoked.` });
    }
    const proof = proofNeeded(row, input, shown);
    if (!proof.ok) return refuse(tx, deps, principal, row, input, proof.error.code);
    const evidence = proof.value === null ? null : JSON.stringify(proof.value);
    await tx.$executeRaw`
      INSERT INTO grant_votes (id, grant_id, person_id, decision, digest, reason, cast_at, step_up, assertion)
      VALUES (${randomUUIDv7()}::uuid, ${row.id}::uuid, ${principal.id}::uuid, ${input.decision}::vote_decision,
        ${input.digest}, ${input.reason ?? null}, clock_timestamp(), ${evidence !== null}, ${evidence}::jsonb)
      ON CONFLICT (grant_id, person_id) DO UPDATE SET decision = excluded.decision, digest = excluded.digest,
        reason = excluded.reason, cast_at = excluded.cast_at, step_up = excluded.step_up, assertion = excluded.assertion`;
    await settleGrant(tx, deps.keys, principal, row.id, input.decision);
    return answer(tx, principal, row.id);
  });
}

type Proof = Result<object, { readonly code: 'step-up-required' | 'step-up-failed' }> | null;

/**
 * Looks at an assertion before any lock is taken: its challenge is burned in a transaction of its own, and a connection
 * waited for under a lock would be one that another vote holds.
 */
async function checkProof(deps: StepUpDeps, principal: HumanPrincipal, input: GrantVoteInput): Promise<Proof> {
  if (input.assertion === undefined || input.assertion === null) return null;
  const subject = voteSubject({ id: input.grantId, digest: input.digest, decision: input.decision });
  const said = { personId: principal.id, purpose: 'grant-vote', subject, assertion: input.assertion } as const;
  const proven = await withTx(deps.prisma, (tx) => verifyAssertion(tx, deps, said));
  return proven.ok ? ok(proven.value.evidence) : proven;
}

/** A denial needs no passkey: nobody must be kept from saying no. */
function proofNeeded(
  row: LockedGrant,
  input: GrantVoteInput,
  shown: Proof,
): Result<object | null, { readonly code: 'step-up-required' | 'step-up-failed' }> {
  if (row.step_up === 'none' || input.decision === 'deny') return ok(null);
  return shown ?? err({ code: 'step-up-required' });
}

async function answer(tx: Tx, principal: HumanPrincipal, id: string): Promise<Result<Grant, AnswerRefusal>> {
  const view = await viewGrant(tx, principal, id);
  return view === null ? err({ code: 'not-found' }) : ok(view);
}

async function refuse(
  tx: Tx,
  deps: StepUpDeps,
  principal: HumanPrincipal,
  row: LockedGrant,
  input: GrantVoteInput,
  code: AnswerRefusal['code'],
  detail?: string,
): Promise<Result<never, AnswerRefusal>> {
  const facts = grantFacts(row);
  await recordEvent(tx, deps.keys, {
    ...facts,
    type: 'vote.refused',
    actor: { type: 'person', id: principal.id, name: principal.name },
    decision: input.decision,
    code,
    detail: { grant: row.id, shownDigest: input.digest },
  });
  const record = await viewGrant(tx, principal, row.id);
  return err({ code, detail, extra: { record } });
}
