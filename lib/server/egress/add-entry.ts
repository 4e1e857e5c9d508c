import { randomUUIDv7 } from 'node:crypto';
import type { EgressEntry as WireEntry } from '#lib/contracts/egress.ts';
import type { EgressEntryInput } from '#lib/contracts/egress-input.ts';
import { auditActor, personIdOf } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { checkCertificateUse } from '../credentials/certificate-use.ts';
import { bumpConfig } from '../db/config-head.ts';
import { type ConfigDeps, type ConfigRefusal, type ConfigWrite, refuse, writeConfig } from '../db/config-write.ts';
import { checkEntry } from './check-entry.ts';
import { checkIdentity } from './check-identity.ts';
import { ownerOf } from './entry-owner.ts';
import { placeOf } from './entry-place.ts';
import { wireEntries } from './entry-rows.ts';

/** Adds a destination to the allowlist. */
export function addEgressEntry(
  deps: ConfigDeps,
  actor: ConfigActor,
  input: EgressEntryInput,
): Promise<Result<WireEntry, ConfigRefusal>> {
  return writeConfig(deps, actor, (write) => addEgressEntryIn(write, input));
}

/**
 * The same inside a larger transaction. An identical entry that is in force is answered as it is, and nothing is written.
 * Refuses an identity that is not there, an owner who is not an active person, and a certificate that is for another host.
 */
export async function addEgressEntryIn(
  write: ConfigWrite,
  input: EgressEntryInput,
): Promise<Result<WireEntry, ConfigRefusal>> {
  const { tx, keys, actor, now } = write;
  const checked = checkEntry(input, now.getTime());
  if (!checked.ok) return refuse('invalid-request', checked.error);
  const entry = checked.value;
  const expiresAt = entry.expires === null ? null : new Date(entry.expires);
  const place = placeOf(entry);
  const identity = await checkIdentity(tx, place.identity);
  if (!identity.ok) return identity;
  const owner = await ownerOf(tx, actor, entry.owner);
  if (!owner.ok) return owner;
  const certificate = await checkCertificateUse(tx, entry);
  if (!certificate.ok) return certificate;
  const same = await tx.egressEntry.findFirst({ where: { ...place, expiresAt, revokedAt: null } });
  const row =
    same ??
    (await tx.egressEntry.create({
      data: {
        id: randomUUIDv7(),
        ...place,
        reason: entry.reason,
        ownerId: owner.value,
        createdBy: personIdOf(actor),
        createdAt: now,
        expiresAt,
      },
    }));
  if (same === null) {
    await recordEvent(tx, keys, {
      type: 'egress.added',
      actor: auditActor(actor),
      detail: { ...place, owner: owner.value, reason: entry.reason, expires: entry.expires },
    });
    await bumpConfig(tx, 'egress', row.id);
  }
  const [wire] = await wireEntries(tx, [row]);
  if (wire === undefined) throw new Error('an allowlist entry was lost while it was read');
  return ok(wire);
}
