// Server-only. What may change about a credential beside its secret: end, overlap, schedule, hook; its binding; its end for good.
import type { CredentialPatch } from '#lib/contracts/credentials.ts';
import { checkEnd } from '#lib/core/credentials/kinds.ts';
import { recogniseToken } from '#lib/core/credentials/known-tokens.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpConfig } from '../db/config-head.ts';
import { type ConfigDeps, type ConfigRefusal, type ConfigWrite, refuse, writeConfig } from '../db/config-write.ts';
import { loadEntries } from '../egress/entry-rows.ts';
import { isCovered } from '../egress/suggest-entry.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { type FoundCredential, lockCredential } from './find-credential.ts';
import { hookSecretOf } from './hook-signature.ts';
import { isPrivateWay } from './post-once.ts';
import { eraseVersion, openSecret, sealSecret } from './vault.ts';

const DAY_MS = 86_400_000;

/** `hookSecret` only where a webhook was set: its receiver checks our signature with it. */
export type Changed = { readonly id: string; readonly hookSecret: string | null };

/** Changes end, overlap, schedule or hook. An end never moves past 90 days from the making of a migration credential. */
export function changeCredential(
  deps: ConfigDeps,
  actor: ConfigActor,
  idOrName: string,
  patch: CredentialPatch,
): Promise<Result<Changed, ConfigRefusal>> {
  return writeConfig(deps, actor, (write) => changeCredentialIn(write, idOrName, patch));
}

/** A hook that runs a command of the host can be named by the host's own configuration only, never from a browser. */
export type HostHook = { readonly kind: 'command'; readonly argv: readonly string[] };
export type HostPatch = Omit<CredentialPatch, 'hook'> & { readonly hook?: CredentialPatch['hook'] | HostHook };

/** The same inside a larger transaction. A patch that changes nothing writes nothing. */
export async function changeCredentialIn(
  write: ConfigWrite,
  idOrName: string,
  patch: HostPatch,
): Promise<Result<Changed, ConfigRefusal>> {
  const { tx, keys, actor, now } = write;
  const found = await lockCredential(tx, idOrName);
  if (found === null || found.retiredAt !== null) return refuse('not-found', 'There is no such credential.');
  const isCertificate = found.kind === 'client-certificate';
  const isTimed = (patch.rotateEveryDays ?? null) !== null || (patch.hook ?? null) !== null;
  if (isCertificate && (patch.endsAt !== undefined || isTimed)) {
    return refuse('invalid-request', 'A certificate says itself when it ends, and is replaced by another.');
  }
  const endsAt = patch.endsAt === undefined ? found.endsAt : new Date(patch.endsAt);
  const moved = endsAt?.getTime() !== found.endsAt?.getTime();
  if (moved) {
    const times = { endsAtMs: endsAt?.getTime() ?? null, createdAtMs: found.createdAt.getTime(), nowMs: now.getTime() };
    const checked = checkEnd(times, found.migrationOnly);
    if (!checked.ok) return refuse('invalid-request', checked.error);
    if (found.endedAt !== null) return refuse('credential-ended', 'It has ended: retire it and add another.');
  }
  if (patch.hook?.kind === 'command' && actor.kind !== 'operator') {
    return refuse('not-allowed', 'A command is named by the host’s configuration only.');
  }
  if (patch.hook?.kind === 'webhook') {
    const token = recogniseToken(patch.hook.url);
    if (token !== null) {
      return refuse('personal-token', `The webhook’s address, which everybody sees, holds a ${token.name}.`);
    }
    if (!isPrivateWay(patch.hook.url)) return refuse('invalid-request', 'The webhook must be https.');
    const entries = await loadEntries(tx);
    if (!isCovered(patch.hook.url, entries, undefined, now.getTime())) {
      return err({ code: 'egress-denied', detail: 'The webhook is not on the egress allowlist: add it there first.' });
    }
  }
  const days = patch.rotateEveryDays === undefined ? found.rotateEveryDays : patch.rotateEveryDays;
  const overlapMinutes = patch.overlapMinutes ?? found.overlapMinutes;
  const hook = patch.hook === undefined ? found.hook : patch.hook;
  const sameHook = JSON.stringify(hook ?? null) === JSON.stringify(found.hook ?? null) || sameJson(hook, found.hook);
  if (!moved && days === found.rotateEveryDays && overlapMinutes === found.overlapMinutes && sameHook) {
    return ok({ id: found.id, hookSecret: null });
  }
  const from = (found.rotatedAt ?? found.createdAt).getTime();
  await tx.credential.update({
    where: { id: found.id },
    data: {
      endsAt,
      overlapMinutes,
      rotateEveryDays: days,
      nextRotationAt: days === null ? null : new Date(from + days * DAY_MS),
      ...(patch.hook === undefined ? {} : { hook: hook === null ? Prisma.DbNull : { ...patch.hook } }),
      ...(moved ? { remindedDays: null } : {}),
      ...(sameHook ? {} : { hookFailures: 0 }),
    },
  });
  await recordEvent(tx, keys, {
    type: 'credential.changed',
    actor: auditActor(actor),
    server: found.server.name,
    detail: {
      name: found.name,
      endsAt: endsAt?.toISOString() ?? null,
      rotateEveryDays: days,
      overlapMinutes,
      hook: patch.hook === undefined ? 'unchanged' : (patch.hook?.kind ?? 'none'),
      reason: patch.reason,
    },
  });
  await bumpConfig(tx, 'credentials', found.id);
  const isNewWebhook = patch.hook?.kind === 'webhook' && !sameHook;
  return ok({ id: found.id, hookSecret: isNewWebhook ? hookSecretOf(keys, found.id) : null });
}

/** Stops using a credential and erases every version of it. Calls to its server go without one from then on. */
export function retireCredential(
  deps: ConfigDeps,
  actor: ConfigActor,
  idOrName: string,
  reason: string,
): Promise<Result<{ id: string }, ConfigRefusal>> {
  return writeConfig(deps, actor, async ({ tx, keys, now }) => {
    const found = await lockCredential(tx, idOrName);
    if (found === null) return refuse('not-found', 'There is no such credential.');
    if (found.retiredAt !== null) return ok({ id: found.id });
    for (const secret of found.secrets) if (secret.state !== 'retired') await eraseVersion(tx, secret.id);
    await tx.credential.update({
      where: { id: found.id },
      data: { retiredAt: now, rotationId: null, rotationUntil: null, nextRotationAt: null, hook: Prisma.DbNull },
    });
    const detail = { name: found.name, reason };
    await recordEvent(tx, keys, {
      type: 'credential.retired',
      actor: auditActor(actor),
      server: found.server.name,
      detail,
    });
    await bumpConfig(tx, 'credentials', found.id);
    return ok({ id: found.id });
  });
}

/**
 * Binds a credential to what its server is now, after its address or command changed. The human names the identity that they
 * saw: one that changed again meanwhile is refused. The version in use is sealed anew for it; old and next ones are erased.
 */
export function confirmCredential(
  deps: ConfigDeps,
  actor: ConfigActor,
  idOrName: string,
  input: { readonly configHash: string; readonly reason: string },
): Promise<Result<{ id: string }, ConfigRefusal>> {
  return writeConfig(deps, actor, async (write) => {
    const { tx, keys, now } = write;
    const found = await lockCredential(tx, idOrName);
    if (found === null || found.retiredAt !== null) return refuse('not-found', 'There is no such credential.');
    const { server } = found;
    if (server.configHash !== input.configHash) {
      return refuse('conflict', 'The server is not what you saw any more: look at it again.');
    }
    if (found.configHash === server.configHash) return ok({ id: found.id });
    if (found.rotationUntil !== null && found.rotationUntil > now) {
      return refuse('rotation-running', 'A rotation of it has begun and not ended.');
    }
    await sealAnew(write, found);
    await tx.credential.update({
      where: { id: found.id },
      data: { configHash: server.configHash, lastError: null, rotationId: null, rotationUntil: null },
    });
    await recordEvent(tx, keys, {
      type: 'credential.confirmed',
      actor: auditActor(actor),
      server: server.name,
      detail: {
        name: found.name,
        configHashBefore: found.configHash,
        configHash: server.configHash,
        reason: input.reason,
      },
    });
    await bumpConfig(tx, 'credentials', found.id);
    return ok({ id: found.id });
  });
}

async function sealAnew({ tx, keys }: ConfigWrite, found: FoundCredential): Promise<void> {
  for (const one of found.secrets) {
    if (one.state === 'next' || one.state === 'previous') await eraseVersion(tx, one.id);
    if (one.state !== 'current' || one.sealed === null) continue;
    const wrap = await tx.credentialWrap.findUniqueOrThrow({
      where: { secretId_keyId: { secretId: one.id, keyId: keys.wrapper.id } },
    });
    const { id: credentialId, serverId, configHash } = found;
    const place = { secretId: one.id, credentialId, version: one.version, serverId, configHash };
    const secret = await openSecret(keys.wrapper, place, { sealed: one.sealed, wrapped: wrap.wrapped });
    const box = await sealSecret(keys.wrapper, { ...place, configHash: found.server.configHash }, secret);
    await tx.credentialWrap.deleteMany({ where: { secretId: one.id } });
    await tx.credentialSecret.update({ where: { id: one.id }, data: { sealed: new Uint8Array(box.sealed) } });
    await tx.credentialWrap.create({
      data: { secretId: one.id, keyId: box.keyId, wrapped: new Uint8Array(box.wrapped) },
    });
  }
}

/** Postgres keeps the members of a JSON object in an order of its own. */
function sameJson(a: unknown, b: unknown): boolean {
  const ordered = (value: unknown) =>
    typeof value === 'object' && value !== null ? JSON.stringify(Object.entries(value).toSorted()) : String(value);
  return ordered(a) === ordered(b);
}
