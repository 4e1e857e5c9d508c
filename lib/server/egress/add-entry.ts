import { randomUUIDv7 } from 'node:crypto';
import type { EgressEntryInput, EgressEntry as WireEntry } from '#lib/contracts/servers.ts';
import { auditActor, personIdOf } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpConfig } from '../db/config-head.ts';
import { type ConfigDeps, type ConfigRefusal, type ConfigWrite, refuse, writeConfig } from '../db/config-write.ts';
import { checkEntry } from './check-entry.ts';
import { wireEntry } from './entry-rows.ts';

/** Adds a destination to the allowlist. */
export function addEgressEntry(
  deps: ConfigDeps,
  actor: ConfigActor,
  input: EgressEntryInput,
): Promise<Result<WireEntry, ConfigRefusal>> {
  return writeConfig(deps, actor, (write) => addEgressEntryIn(write, input));
}

/** The same inside a larger transaction. An identical entry that is in force is answered as it is, and nothing is written. */
export async function addEgressEntryIn(
  write: ConfigWrite,
  input: EgressEntryInput,
): Promise<Result<WireEntry, ConfigRefusal>> {
  const { tx, keys, actor, now } = write;
  const checked = checkEntry(input, now.getTime());
  if (!checked.ok) return refuse('invalid-request', checked.error);
  const entry = checked.value;
  const expiresAt = entry.expires === null ? null : new Date(entry.expires);
  const place = { scheme: entry.scheme, host: entry.host, port: entry.port, pathPrefix: entry.path, cidr: entry.cidr };
  const creator = actor.kind === 'human' ? actor.name : null;
  const same = await tx.egressEntry.findFirst({ where: { ...place, expiresAt, revokedAt: null } });
  if (same !== null) return ok(wireEntry(same, creator));
  const row = await tx.egressEntry.create({
    data: {
      id: randomUUIDv7(),
      ...place,
      reason: entry.reason,
      createdBy: personIdOf(actor),
      createdAt: now,
      expiresAt,
    },
  });
  await recordEvent(tx, keys, {
    type: 'egress.added',
    actor: auditActor(actor),
    detail: { ...place, reason: entry.reason, expires: entry.expires },
  });
  await bumpConfig(tx, 'egress', row.id);
  return ok(wireEntry(row, creator));
}
