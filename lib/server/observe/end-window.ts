// Server-only. A window ends early by one person, or by itself when its time is over.
import type { Refusal } from '#lib/contracts/problems.ts';
import { auditActor, personIdOf } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpConfig } from '../db/config-head.ts';
import type { ConfigDeps } from '../db/config-write.ts';
import { notify } from '../db/listen.ts';
import type { Database } from '../db/prisma.ts';
import { withTx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import { lockObserve, mayObserve, readWindow } from './observe-window.ts';

/**
 * Ends a window at once, or gives up one that waits. It tightens, so one person is enough.
 * One that is over already is given back as it is.
 */
export function endWindow(deps: ConfigDeps, actor: ConfigActor, id: string): Promise<Result<true, Refusal>> {
  return withTx(deps.prisma, async (tx): Promise<Result<true, Refusal>> => {
    if (!mayObserve(actor)) return err({ code: 'not-allowed', detail: 'Observe needs the role admin or security.' });
    await lockObserve(tx);
    const row = await readWindow(tx, id);
    if (row === null) return err({ code: 'not-found' });
    if (row.ended_at !== null || (row.ends_at !== null && row.ends_at <= row.now)) return ok(true);
    await tx.$executeRaw`
      UPDATE observe_windows SET ended_at = clock_timestamp(), ended_by = ${personIdOf(actor)}::uuid
      WHERE id = ${id}::uuid AND ended_at IS NULL`;
    await recordEvent(tx, deps.keys, {
      type: 'observe.ended',
      actor: auditActor(actor),
      detail: { window: id, scope: row.scope, started: row.starts_at !== null },
    });
    if (row.starts_at !== null) await bumpConfig(tx, 'policies', id);
    await notify(tx, 'cs_exception', { kind: 'observe', id });
    return ok(true);
  });
}

/**
 * Writes down which windows ran out, each once, and tells the gateways; those enforce again by the window's own end
 * already. Safe in several workers: a row is claimed by the UPDATE that marks it.
 */
export function sweepWindows(database: Database, keys: Pick<Keys, 'masterKey'>): Promise<number> {
  return withTx(database, async (tx) => {
    const rows = await tx.$queryRaw<{ id: string; scope: string }[]>`
      UPDATE observe_windows SET ended_at = ends_at
      WHERE ended_at IS NULL AND ends_at <= clock_timestamp() RETURNING id::text, scope`;
    for (const { id, scope } of rows) {
      await recordEvent(tx, keys, {
        type: 'observe.ended',
        actor: auditActor('system'),
        detail: { window: id, scope, started: true },
      });
      await bumpConfig(tx, 'policies', id);
      await notify(tx, 'cs_exception', { kind: 'observe', id });
    }
    return rows.length;
  });
}
