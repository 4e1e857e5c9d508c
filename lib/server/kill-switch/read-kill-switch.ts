// Server-only.
import type { KillSwitch } from '#lib/contracts/kill-switch.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import type { Tx } from '../db/tx.ts';
import { readSeparation, type Separation } from '../people/read-separation.ts';
import { SOLO_WAIT_S } from './restore.ts';

/** A process that has not been seen for this long is gone; it cannot hold a lease any more either. */
const ALIVE_S = 10;

/** The switch as people see it: what is stopped, who is asked to restore it, and how far each gateway has followed. */
export async function readKillSwitch(tx: Tx, actor: ConfigActor): Promise<KillSwitch> {
  const head = await tx.killHead.findUnique({ where: { id: 1 } });
  const states = await tx.killState.findMany({ orderBy: { scope: 'asc' } });
  const separation = await readSeparation(tx);
  return {
    epoch: (head?.epoch ?? 0n).toString(),
    scopes: states.map((state) => ({
      scope: state.scope,
      on: state.on,
      epoch: state.epoch.toString(),
      by: state.byName,
      reason: state.reason,
      at: state.at.toISOString(),
    })),
    restores: await readRestores(tx, actor, separation),
    gateways: await readGateways(tx),
    separation,
  };
}

async function readRestores(tx: Tx, actor: ConfigActor, separation: Separation): Promise<KillSwitch['restores']> {
  const rows = await tx.$queryRaw<
    {
      id: string;
      scope: string;
      reason: string;
      opened_by: string | null;
      name: string;
      opened_at: Date;
      opened_solo: boolean;
      expires_at: Date;
    }[]
  >`
    SELECT r.id::text, r.scope, r.reason, r.opened_by::text, r.opened_by_name AS name, r.opened_at, r.opened_solo, r.expires_at
    FROM kill_restores r JOIN kill_state k ON k.scope = r.scope AND k."on" AND k.killed_epoch = r.kill_epoch
    WHERE r.completed_at IS NULL AND r.expires_at > clock_timestamp() ORDER BY r.opened_at`;
  return rows.map((row) => {
    const openedByMe = actor.kind === 'human' ? row.opened_by === actor.id : row.opened_by === null;
    const alone = openedByMe && separation === 'solo' && row.opened_solo;
    return {
      id: row.id,
      scope: row.scope,
      reason: row.reason,
      openedBy: row.name,
      openedByMe,
      openedAt: row.opened_at.toISOString(),
      expiresAt: row.expires_at.toISOString(),
      confirmableAt: alone ? new Date(row.opened_at.getTime() + SOLO_WAIT_S * 1000).toISOString() : null,
    };
  });
}

async function readGateways(tx: Tx): Promise<KillSwitch['gateways']> {
  const rows = await tx.$queryRaw<
    { id: string; acknowledged: boolean; ack_ms: number | null; hard_stopped_ms: number | null }[]
  >`
    WITH last AS (SELECT h.epoch, k.at, k."on" FROM kill_head h LEFT JOIN kill_state k ON k.epoch = h.epoch)
    SELECT p.id::text, p.kill_epoch_ack >= last.epoch AS acknowledged,
      CASE WHEN p.kill_epoch_ack >= last.epoch AND p.kill_ack_at >= last.at
        THEN (extract(epoch FROM p.kill_ack_at - last.at) * 1000)::float8 END AS ack_ms,
      CASE WHEN p.kill_epoch_ack >= last.epoch AND last."on" AND p.hard_stopped_at >= last.at
        THEN (extract(epoch FROM p.hard_stopped_at - last.at) * 1000)::float8 END AS hard_stopped_ms
    FROM process_instances p CROSS JOIN last
    WHERE p.kind <> 'worker' AND p.stopped_at IS NULL
      AND p.last_seen_at > clock_timestamp() - make_interval(secs => ${ALIVE_S})
    ORDER BY p.started_at, p.id`;
  return rows.map((row) => ({
    id: row.id,
    acknowledged: row.acknowledged,
    ackMs: row.ack_ms,
    hardStoppedMs: row.hard_stopped_ms,
  }));
}
