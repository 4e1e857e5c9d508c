// Server-only.
import type { Refusal } from '#lib/contracts/problems.ts';
import { auditActor, personIdOf } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { formatScope } from '#lib/core/kill-switch/scopes.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { notify } from '../db/listen.ts';
import type { Database } from '../db/prisma.ts';
import { type Tx, withTx } from '../db/tx.ts';
import { killGrants } from '../grants/end-grants.ts';
import type { Keys } from '../keys/load-keys.ts';
import { checkScope, KILL_ROLES } from './check-scope.ts';
import { voidRequests } from './void-requests.ts';

export type KillInput = { readonly scope: string; readonly reason: string };
export type Killed = { readonly epoch: string; readonly voided: number };

/** Whether somebody may kill and restore: security or admin, or the operator at the host. */
export function mayKill(actor: ConfigActor): boolean {
  return actor.kind === 'operator' || KILL_ROLES.some((role) => actor.roles.includes(role));
}

/**
 * Switches a scope off, at once and alone.
 *
 * One transaction: the epoch moves on under its row lock, so that whoever consumes with the older one gets nothing;
 * the scope goes on; what waits, is approved or granted under it is void for ever, also after a restore. Killing a scope that is
 * on already voids again. Gateways hear by notification, and within their lease without one.
 */
export function kill(
  deps: { readonly prisma: Database; readonly keys: Keys },
  actor: ConfigActor,
  input: KillInput,
): Promise<Result<Killed, Refusal>> {
  return withTx(deps.prisma, async (tx): Promise<Result<Killed, Refusal>> => {
    if (!mayKill(actor))
      return err({ code: 'not-allowed', detail: 'The kill switch needs the role security or admin.' });
    const checked = await checkScope(tx, input.scope);
    if (!checked.ok) return checked;
    const scope = formatScope(checked.value);
    const epoch = await moveEpoch(tx);
    await tx.$executeRaw`
      INSERT INTO kill_state (scope, "on", epoch, killed_epoch, by_id, by_name, reason, at)
      VALUES (${scope}, true, ${epoch}, ${epoch}, ${personIdOf(actor)}::uuid, ${actor.name}, ${input.reason}, clock_timestamp())
      ON CONFLICT (scope) DO UPDATE SET "on" = true, epoch = excluded.epoch, killed_epoch = excluded.killed_epoch,
        by_id = excluded.by_id, by_name = excluded.by_name, reason = excluded.reason, at = excluded.at`;
    const voided = await voidRequests(tx, deps.keys, actor, { scope, epoch });
    const grants = await killGrants(tx, deps.keys, actor, { scope });
    await recordEvent(tx, deps.keys, {
      type: 'kill.on',
      actor: auditActor(actor),
      killEpoch: epoch.toString(),
      detail: { scope, reason: input.reason, voided, grants },
    });
    await notify(tx, 'cs_kill', { epoch: epoch.toString() });
    return ok({ epoch: epoch.toString(), voided });
  });
}

/** Moves the kill epoch on by one and holds its row until the transaction ends. */
export async function moveEpoch(tx: Tx): Promise<bigint> {
  const rows = await tx.$queryRaw<{ epoch: bigint }[]>`
    UPDATE kill_head SET epoch = epoch + 1 WHERE id = 1 RETURNING epoch`;
  const row = rows[0];
  if (row === undefined) throw new Error('kill_head has no row: the database was not migrated.');
  return row.epoch;
}
