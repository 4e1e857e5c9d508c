// Server-only. Opening an emergency: first the challenge, then the deed.
import { randomUUIDv7 } from 'node:crypto';
import type { Refusal } from '#lib/contracts/problems.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { canonicalJson } from '#lib/core/json/canonical.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { notify } from '../db/listen.ts';
import { type Tx, withTx } from '../db/tx.ts';
import { type OfferedStepUp, offerStepUp } from '../passkeys/offer-step-up.ts';
import { type StepUpDeps, verifyAssertion } from '../passkeys/verify-assertion.ts';
import { readSeparation } from '../people/read-separation.ts';
import { endRunOut } from './end-run-out.ts';
import { judgeOpener } from './judge-opener.ts';
import { type EmergencyTerms, emergencySubject } from './subject.ts';

/** Within a day somebody else has looked at what was done. */
const REVIEW_WITHIN_S = 24 * 3600;

/** Offers the challenge for an emergency with exactly these terms; refuses whoever could not open it anyway. */
export async function challengeBreakGlass(
  deps: StepUpDeps,
  principal: HumanPrincipal,
  input: EmergencyTerms & { readonly host: string | null },
): Promise<Result<OfferedStepUp, Refusal>> {
  const may = await judgeOpener(deps.prisma, principal.id);
  if (!may.ok) return may;
  const subject = emergencySubject(principal.id, input);
  return offerStepUp(deps, principal, { purpose: 'break-glass', subject, host: input.host });
}

/**
 * Opens an emergency: for at most a quarter of an hour this person's vote fills any quorum, with a passkey each time.
 *
 * Needs the group named in the settings, a reason, a ticket and a passkey assertion over them. It beats neither the kill
 * switch nor a denial, of a person or of a rule. Every try is recorded, everybody is told, and another person holding
 * security must review it within a day. The person's row is locked, so that two tries at once open one.
 */
export async function openBreakGlass(
  deps: StepUpDeps,
  principal: HumanPrincipal,
  input: EmergencyTerms & { readonly assertion: unknown },
): Promise<Result<{ readonly id: string }, Refusal>> {
  const said = await checkAssertion(deps, principal, input);
  return withTx(deps.prisma, async (tx): Promise<Result<{ readonly id: string }, Refusal>> => {
    await tx.$queryRaw`SELECT 1 FROM people WHERE id = ${principal.id}::uuid FOR NO KEY UPDATE`;
    await endRunOut(tx, deps.keys, principal.id);
    const may = await judgeOpener(tx, principal.id);
    if (!may.ok) return refused(tx, deps, principal, may.error);
    if (!said.ok) return refused(tx, deps, principal, said.error);
    const id = randomUUIDv7();
    const separation = await readSeparation(tx);
    const rows = await tx.$queryRaw<{ ends_at: Date }[]>`
      INSERT INTO break_glass (id, person_id, reason, ticket, opened_at, ends_at, review_due, assertion, opened_solo)
      SELECT ${id}::uuid, ${principal.id}::uuid, ${input.reason}, ${input.ticket}, t.now,
             t.now + make_interval(mins => ${input.minutes}::int), t.now + make_interval(secs => ${REVIEW_WITHIN_S}),
             ${JSON.stringify(said.value.evidence)}::jsonb, ${separation === 'solo'}
      FROM (SELECT date_trunc('milliseconds', clock_timestamp()) AS now) t RETURNING ends_at`;
    await recordEvent(tx, deps.keys, {
      type: 'break-glass.opened',
      actor: auditActor(principal),
      separation,
      detail: { breakGlass: id, ticket: input.ticket, minutes: input.minutes, until: untilOf(rows) },
      payload: canonicalJson({ reason: input.reason, assertion: said.value.evidence }),
    });
    await notify(tx, 'cs_exception', { kind: 'break-glass', id });
    return ok({ id });
  });
}

/** Before anything is locked: the challenge is burned on a connection of its own, which others' locks may hold up. */
function checkAssertion(deps: StepUpDeps, principal: HumanPrincipal, input: EmergencyTerms & { assertion: unknown }) {
  const subject = emergencySubject(principal.id, input);
  const { assertion } = input;
  const claim = { personId: principal.id, purpose: 'break-glass', subject, assertion } as const;
  return withTx(deps.prisma, (tx) => verifyAssertion(tx, deps, claim));
}

async function refused(
  tx: Tx,
  deps: StepUpDeps,
  principal: HumanPrincipal,
  refusal: Refusal,
): Promise<Result<{ readonly id: string }, Refusal>> {
  await recordEvent(tx, deps.keys, {
    type: 'break-glass.refused',
    actor: auditActor(principal),
    code: refusal.code,
    detail: { why: refusal.detail ?? null },
  });
  return err(refusal);
}

function untilOf(rows: readonly { ends_at: Date }[]): string {
  const row = rows[0];
  if (row === undefined) throw new Error('The emergency was not written.');
  return row.ends_at.toISOString();
}
