// Server-only. Who of a group is told first.
import type { OnCallInput, OnCallOrder as OnCallView } from '#lib/contracts/notifications.ts';
import { auditActor, personIdOf } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { type OnCallOrder, rotated, rotatesAt } from '#lib/core/notifications/on-call.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { type ConfigDeps, type ConfigRefusal, refuse, writeConfig } from '../db/config-write.ts';
import { databaseNow, type Tx } from '../db/tx.ts';
import type { OnCallOrder as Row } from '../generated/prisma/client.ts';

export async function listOnCall(tx: Tx): Promise<{ items: OnCallView[] }> {
  const rows = await tx.onCallOrder.findMany({ orderBy: { group: 'asc' } });
  const now = (await databaseNow(tx)).getTime();
  const ids = rows.flatMap((row) => [...row.people, ...(row.changedBy === null ? [] : [row.changedBy])]);
  const people = await tx.person.findMany({
    where: { id: { in: [...new Set(ids)] } },
    select: { id: true, name: true, email: true },
  });
  const byId = new Map(people.map((person) => [person.id, person]));
  return { items: rows.map((row) => viewOf(row, byId, now)) };
}

/** The orders of groups, by group. */
export async function ordersOf(tx: Tx, groups: readonly string[]): Promise<ReadonlyMap<string, OnCallOrder>> {
  const rows = await tx.onCallOrder.findMany({ where: { group: { in: [...groups] } } });
  return new Map(rows.map((row) => [row.group, toOrder(row)]));
}

/**
 * Sets the order of one group, or takes it away. Only an admin may. Refuses people who are not active reviewers: they could
 * not decide what they would be told of. A rotation begins anew with every change.
 */
export function setOnCall(
  deps: ConfigDeps,
  actor: ConfigActor,
  input: OnCallInput,
): Promise<Result<{ items: OnCallView[] }, ConfigRefusal>> {
  return writeConfig<{ items: OnCallView[] }, ConfigRefusal>(deps, actor, async (write) => {
    const { tx, now } = write;
    const { group, people, nextAfterMinutes, rotateEveryHours, reason } = input;
    const able = await tx.person.count({
      where: { id: { in: [...people] }, status: 'active', roles: { has: 'reviewer' } },
    });
    if (able !== people.length) return refuse('invalid-request', 'people: active reviewers only');
    const data = {
      people: [...people],
      nextAfterMinutes,
      rotateEveryHours,
      changedBy: personIdOf(actor),
      changedAt: now,
    };
    if (people.length === 0) await tx.onCallOrder.deleteMany({ where: { group } });
    else await tx.onCallOrder.upsert({ where: { group }, create: { group, ...data }, update: data });
    await recordEvent(tx, write.keys, {
      type: 'notification.on-call-changed',
      actor: auditActor(actor),
      detail: { group, people: people.join(' '), nextAfterMinutes, rotateEveryHours, reason },
    });
    return ok(await listOnCall(tx));
  });
}

function toOrder(row: Row): OnCallOrder {
  const { people, nextAfterMinutes, rotateEveryHours } = row;
  return { people, nextAfterMinutes, rotateEveryHours, changedAtMs: row.changedAt.getTime() };
}

function viewOf(
  row: Row,
  people: ReadonlyMap<string, { readonly id: string; readonly name: string; readonly email: string }>,
  nowMs: number,
): OnCallView {
  const order = toOrder(row);
  const known = row.people.flatMap((id) => people.get(id) ?? []);
  const turns = rotatesAt(order, nowMs);
  return {
    group: row.group,
    people: known,
    first: rotated(order, nowMs).find((id) => people.has(id)) ?? null,
    nextAfterMinutes: row.nextAfterMinutes,
    rotateEveryHours: row.rotateEveryHours,
    rotatesAt: turns === null ? null : new Date(turns).toISOString(),
    changedAt: row.changedAt.toISOString(),
    changedBy: row.changedBy === null ? null : (people.get(row.changedBy)?.name ?? null),
  };
}
