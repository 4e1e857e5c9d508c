// Server-only. Switching a scope on again: one person opens, another one completes.
import { randomUUIDv7 } from 'node:crypto';
import type { Refusal } from '#lib/contracts/problems.ts';
import { auditActor, personIdOf } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { formatScope, parseScope } from '#lib/core/kill-switch/scopes.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { notify } from '../db/listen.ts';
import type { Database } from '../db/prisma.ts';
import { type Tx, withTx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import { readSeparation, type Separation } from '../people/read-separation.ts';
import { isSameHuman } from '../people/same-human.ts';
import { KILL_ROLES } from './check-scope.ts';
import { mayKill, moveEpoch } from './kill.ts';

type Deps = { readonly prisma: Database; readonly keys: Keys };

const RESTORE_TTL_S = 30 * 60;
/** How long a person alone must wait, in a solo install, between opening and completing. */
export const SOLO_WAIT_S = 60;

type RestoreRow = {
  id: string;
  scope: string;
  kill_epoch: bigint;
  opened_by: string | null;
  opened_by_name: string;
  opened_at: Date;
  opened_solo: boolean;
  expires_at: Date;
  completed_at: Date | null;
  now: Date;
};

/**
 * Opens a restore of a scope that is off; it changes nothing yet. Another restore of the same kill that is still open is
 * given back instead of a second one. Refuses a scope that is not off, and everybody outside security and admin.
 */
export function openRestore(
  deps: Deps,
  actor: ConfigActor,
  input: { readonly scope: string; readonly reason: string },
): Promise<Result<{ readonly id: string }, Refusal>> {
  return withTx(deps.prisma, async (tx): Promise<Result<{ readonly id: string }, Refusal>> => {
    if (!mayKill(actor))
      return err({ code: 'not-allowed', detail: 'The kill switch needs the role security or admin.' });
    const parsed = parseScope(input.scope);
    if (!parsed.ok) return err({ code: 'invalid-request', detail: `scope: ${parsed.error.reason}` });
    const scope = formatScope(parsed.value);
    const epoch = await lockEpoch(tx);
    const state = await tx.killState.findUnique({ where: { scope } });
    if (state === null || !state.on) return err({ code: 'conflict', detail: 'This scope is not stopped.' });
    const open = await tx.$queryRaw<{ id: string }[]>`
      SELECT id::text FROM kill_restores WHERE scope = ${scope} AND kill_epoch = ${state.killedEpoch}
        AND completed_at IS NULL AND expires_at > clock_timestamp() ORDER BY opened_at LIMIT 1`;
    if (open[0] !== undefined) return ok({ id: open[0].id });
    const id = randomUUIDv7();
    const solo = (await readSeparation(tx)) === 'solo';
    await tx.$executeRaw`
      INSERT INTO kill_restores
        (id, scope, kill_epoch, reason, opened_by, opened_by_name, opened_solo, opened_at, expires_at)
      SELECT ${id}::uuid, ${scope}, ${state.killedEpoch}, ${input.reason}, ${personIdOf(actor)}::uuid, ${actor.name}, ${solo},
             t.now, t.now + make_interval(secs => ${RESTORE_TTL_S})
      FROM (SELECT clock_timestamp() AS now) t`;
    await recordEvent(tx, deps.keys, {
      type: 'kill.restore-opened',
      actor: auditActor(actor),
      killEpoch: state.killedEpoch.toString(),
      detail: { scope, reason: input.reason, restore: id },
    });
    await notify(tx, 'cs_kill', { epoch: epoch.toString() });
    return ok({ id });
  });
}

/**
 * Completes a restore: the scope works again, for new requests only; what was killed stays dead.
 *
 * Refuses the person who opened it (in an install that is solo, and was when it was opened, that person must have
 * proven the password after opening and waited a minute), one whose opener has lost the role since, one that ran out, and one whose scope was killed again: its
 * reasons are no longer the case.
 */
export function confirmRestore(
  deps: Deps,
  actor: ConfigActor,
  id: string,
): Promise<Result<{ readonly epoch: string }, Refusal>> {
  return withTx(deps.prisma, async (tx): Promise<Result<{ readonly epoch: string }, Refusal>> => {
    if (!mayKill(actor))
      return err({ code: 'not-allowed', detail: 'The kill switch needs the role security or admin.' });
    await lockEpoch(tx);
    const row = await lockRestore(tx, id);
    if (row === null) return err({ code: 'not-found' });
    if (row.completed_at !== null) return err({ code: 'conflict', detail: 'This restore is complete already.' });
    if (row.expires_at <= row.now) return err({ code: 'conflict', detail: 'This restore ran out; open a new one.' });
    const state = await tx.killState.findUnique({ where: { scope: row.scope } });
    if (state === null || !state.on || state.killedEpoch !== row.kill_epoch) {
      return err({ code: 'conflict', detail: 'The scope was stopped again since; open a new restore.' });
    }
    if (!(await openerStillMay(tx, row))) {
      return err({ code: 'conflict', detail: 'Who opened this may not any more; open a new restore.' });
    }
    const separation = await readSeparation(tx);
    const second = await judgeSecond(tx, actor, row, separation);
    if (!second.ok) return second;
    const epoch = await moveEpoch(tx);
    await tx.$executeRaw`
      UPDATE kill_state SET "on" = false, epoch = ${epoch}, by_id = ${personIdOf(actor)}::uuid, by_name = ${actor.name},
        at = clock_timestamp() WHERE scope = ${row.scope}`;
    await tx.$executeRaw`
      UPDATE kill_restores SET completed_at = clock_timestamp(), confirmed_by = ${personIdOf(actor)}::uuid,
        confirmed_by_name = ${actor.name} WHERE id = ${id}::uuid`;
    await recordEvent(tx, deps.keys, {
      type: 'kill.off',
      actor: auditActor(actor),
      killEpoch: epoch.toString(),
      separation,
      detail: { scope: row.scope, restore: id, openedBy: row.opened_by ?? row.opened_by_name },
    });
    await notify(tx, 'cs_kill', { epoch: epoch.toString() });
    return ok({ epoch: epoch.toString() });
  });
}

async function judgeSecond(
  tx: Tx,
  actor: ConfigActor,
  row: RestoreRow,
  separation: Separation,
): Promise<Result<true, Refusal>> {
  if (!(await isSameHuman(tx, row.opened_by, personIdOf(actor)))) return ok(true);
  if (separation === 'full' || !row.opened_solo) return err({ code: 'second-person-needed' });
  const waitUntil = new Date(row.opened_at.getTime() + SOLO_WAIT_S * 1000);
  if (row.now < waitUntil) return err({ code: 'too-early', detail: `Possible from ${waitUntil.toISOString()}.` });
  if (actor.kind === 'human' && actor.reauthAt <= row.opened_at) {
    return err({ code: 'step-up-required', detail: 'Enter your password to confirm.' });
  }
  return ok(true);
}

/** Two people of security or admin are asked for: whoever opened counts as one only while they still hold the role. */
async function openerStillMay(tx: Tx, row: RestoreRow): Promise<boolean> {
  if (row.opened_by === null) return true;
  const opener = await tx.person.findUnique({ where: { id: row.opened_by } });
  return opener?.status === 'active' && KILL_ROLES.some((role) => opener.roles.includes(role));
}

async function lockEpoch(tx: Tx): Promise<bigint> {
  const rows = await tx.$queryRaw<{ epoch: bigint }[]>`SELECT epoch FROM kill_head WHERE id = 1 FOR UPDATE`;
  return rows[0]?.epoch ?? 0n;
}

async function lockRestore(tx: Tx, id: string): Promise<RestoreRow | null> {
  const rows = await tx.$queryRaw<RestoreRow[]>`
    SELECT id::text, scope, kill_epoch, opened_by::text, opened_by_name, opened_at, opened_solo, expires_at, completed_at,
      clock_timestamp() AS now
    FROM kill_restores WHERE id = ${id}::uuid FOR UPDATE`;
  return rows[0] ?? null;
}
