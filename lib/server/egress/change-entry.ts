import type { EgressEntry as WireEntry } from '#lib/contracts/egress.ts';
import type { EgressPatch } from '#lib/contracts/egress-input.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpConfig } from '../db/config-head.ts';
import { type ConfigDeps, type ConfigRefusal, type ConfigWrite, refuse, writeConfig } from '../db/config-write.ts';
import type { EgressEntry as EgressEntryRow } from '../generated/prisma/client.ts';
import { ownerOf } from './entry-owner.ts';
import { wireEntries } from './entry-rows.ts';

/**
 * Renews an entry, says better why it is there, or hands it over. Where it leads never changes: another destination is
 * another entry, added by somebody who looked at it. Refuses a removed entry and an end that is past; an expired one may
 * be renewed.
 */
export function changeEgressEntry(
  deps: ConfigDeps,
  actor: ConfigActor,
  id: string,
  patch: EgressPatch,
): Promise<Result<WireEntry, ConfigRefusal>> {
  return writeConfig<WireEntry, ConfigRefusal>(deps, actor, async (write) => {
    const changed = await changeEgressEntryIn(write, id, patch);
    if (!changed.ok) return changed;
    const [wire] = await wireEntries(write.tx, [changed.value.row]);
    if (wire === undefined) throw new Error('an allowlist entry was lost while it was read');
    return ok(wire);
  });
}

/** The same inside a larger transaction; `fields` are the members that changed. */
export async function changeEgressEntryIn(
  { tx, keys, actor, now }: ConfigWrite,
  id: string,
  patch: EgressPatch,
): Promise<Result<{ readonly row: EgressEntryRow; readonly fields: readonly string[] }, ConfigRefusal>> {
  await tx.$queryRaw`SELECT id FROM egress_entries WHERE id = ${id}::uuid FOR UPDATE`;
  const row = await tx.egressEntry.findUnique({ where: { id } });
  if (row === null || row.revokedAt !== null) return refuse('not-found', 'There is no such entry.');
  const expiresAt =
    patch.expires === undefined ? row.expiresAt : patch.expires === null ? null : new Date(patch.expires);
  const moved = row.expiresAt?.getTime() !== expiresAt?.getTime();
  if (moved && expiresAt !== null && expiresAt <= now) {
    return refuse('invalid-request', 'The entry would be over already: remove it instead.');
  }
  const owner = patch.owner === undefined ? ok(row.ownerId) : await ownerOf(tx, actor, patch.owner);
  if (!owner.ok) return owner;
  const reason = patch.reason ?? row.reason;
  const fields = [
    ...(row.reason === reason ? [] : ['reason']),
    ...(row.ownerId === owner.value ? [] : ['owner']),
    ...(moved ? ['expires'] : []),
  ];
  if (fields.length === 0) return ok({ row, fields });
  const next = await tx.egressEntry.update({ where: { id }, data: { reason, ownerId: owner.value, expiresAt } });
  await recordEvent(tx, keys, {
    type: 'egress.changed',
    actor: auditActor(actor),
    detail: {
      id,
      identity: row.identity,
      scheme: row.scheme,
      host: row.host,
      port: row.port,
      pathPrefix: row.pathPrefix,
      reason,
      owner: owner.value,
      expires: expiresAt?.toISOString() ?? null,
      expiredBefore: row.expiresAt?.toISOString() ?? null,
    },
  });
  await bumpConfig(tx, 'egress', id);
  return ok({ row: next, fields });
}
