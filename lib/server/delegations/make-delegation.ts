// Server-only.
import { randomUUIDv7 } from 'node:crypto';
import type { z } from 'zod';
import type { Delegations, delegationCreateSchema } from '#lib/contracts/exceptions.ts';
import type { Refusal } from '#lib/contracts/problems.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { notify } from '../db/listen.ts';
import type { Database } from '../db/prisma.ts';
import { databaseNow, type Tx, withTx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import { lockDelegation, toDelegation } from './list-delegations.ts';

export type DelegationInput = z.infer<typeof delegationCreateSchema>;
type Made = Result<Delegations['items'][number], Refusal>;

const MOST_DAYS = 14;
const DAY_MS = 86_400_000;

/**
 * Lets another reviewer vote in one's place for a while.
 *
 * Of one's own votes only, to an active reviewer, for at most 14 days from its start; the votes are recorded as "B for A". It
 * reaches one step: B cannot hand A's seat on. From then on B is also excluded wherever A is: whoever speaks for an agent's
 * owner must not approve the owner's calls (T07).
 */
export function makeDelegation(
  deps: { readonly prisma: Database; readonly keys: Keys },
  principal: HumanPrincipal,
  input: DelegationInput,
): Promise<Made> {
  return withTx(deps.prisma, async (tx): Promise<Made> => {
    if (input.toId === principal.id) return err({ code: 'invalid-request', detail: 'toId: somebody else' });
    if (!(await areReviewers(tx, principal.id, input.toId))) {
      return err({ code: 'not-allowed', detail: 'Only active reviewers delegate, and only to one another.' });
    }
    const now = await databaseNow(tx);
    const asked = input.startsAt === undefined ? now : new Date(input.startsAt);
    const startsAt = new Date(Math.max(asked.getTime(), now.getTime()));
    const endsAt = new Date(input.endsAt);
    if (endsAt <= startsAt) return err({ code: 'invalid-request', detail: 'endsAt: after the start and not over yet' });
    if (endsAt.getTime() - startsAt.getTime() > MOST_DAYS * DAY_MS) {
      return err({ code: 'invalid-request', detail: `endsAt: at most ${MOST_DAYS} days after the start` });
    }
    const id = randomUUIDv7();
    await tx.$executeRaw`
      INSERT INTO delegations (id, from_id, to_id, reason, created_by, created_at, starts_at, ends_at)
      VALUES (${id}::uuid, ${principal.id}::uuid, ${input.toId}::uuid, ${input.reason}, ${principal.id}::uuid,
        clock_timestamp(), ${startsAt}, ${endsAt})`;
    const row = await lockDelegation(tx, id);
    if (row === null) throw new Error('The delegation was not written.');
    await recordEvent(tx, deps.keys, {
      type: 'delegation.made',
      actor: auditActor(principal),
      detail: {
        delegation: id,
        to: row.to_name,
        toId: row.to_id,
        from: startsAt.toISOString(),
        until: endsAt.toISOString(),
        reason: input.reason,
      },
    });
    await notify(tx, 'cs_exception', { kind: 'delegation', id });
    return ok(toDelegation(row));
  });
}

/** Both rows are locked as they are, so that a role cannot go while the delegation is written. */
async function areReviewers(tx: Tx, ...ids: readonly string[]): Promise<boolean> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id::text FROM people WHERE id = ANY(${[...ids]}::uuid[]) AND status = 'active' AND 'reviewer' = ANY(roles)
    ORDER BY id FOR SHARE`;
  return rows.length === ids.length;
}
