// Server-only. The next secret: stored, tried against the server, taken into use; or dropped, and the current one stays.
import { randomUUIDv7 } from 'node:crypto';
import { type CredentialConfig, type CredentialRotate, credentialConfigSchema } from '#lib/contracts/credentials.ts';
import { isEnded } from '#lib/core/credentials/kinds.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpConfig } from '../db/config-head.ts';
import { type ConfigDeps, type ConfigRefusal, mayConfigure, refuse } from '../db/config-write.ts';
import { databaseNow, type Tx, withTx } from '../db/tx.ts';
import { discoverServer } from '../servers/scan-server.ts';
import { nameOf, noteRefusal } from './add-credential.ts';
import { certificateEnd } from './certificate-pem.ts';
import { type FoundCredential, lockCredential } from './find-credential.ts';
import { goesOnWaiting, needsKey, needsSecret, prepareSecret } from './new-secret.ts';
import { eraseVersion, storeVersion } from './vault.ts';

export type Rotator = ConfigActor | 'system';
export type Rotated = { readonly id: string; readonly version: number; readonly state: 'staged' | 'current' };

/** How long a rotation may take before it counts as broken off: longer than a test call ever does. */
const CLAIM_S = 120;
const DAY_MS = 86_400_000;

/**
 * Rotates a credential. One rotation at a time, whichever process runs it: the row is claimed under its lock, and only the
 * holder of the claim can finish. The server is asked with the next secret before anything changes; on any failure the next
 * one is erased and the current one stays in use. After the switch the old one still serves calls that are under way, for
 * the overlap.
 *
 * A key of ours (private_key_jwt) must be registered elsewhere before it can be tried: the first call makes and shows it, the
 * second tries it and takes it into use. A rotation does not move the end of a migration credential; a certificate comes with
 * an end of its own, and connections that are open go on with the one before it.
 */
export async function rotateCredential(
  deps: ConfigDeps,
  actor: Rotator,
  idOrName: string,
  input: CredentialRotate,
): Promise<Result<Rotated, ConfigRefusal>> {
  if (actor !== 'system' && !mayConfigure(actor))
    return refuse('not-allowed', 'Only an admin may rotate a credential.');
  const claim = randomUUIDv7();
  const begun = await begin(deps, actor, idOrName, input, claim);
  if (!begun.ok) {
    if (begun.error.code === 'personal-token' && actor !== 'system') {
      await noteRefusal(deps, actor, idOrName, nameOf(input.secret));
    }
    return begun;
  }
  if (begun.value.kind === 'staged') return ok({ id: begun.value.id, version: begun.value.version, state: 'staged' });
  const { found, version } = begun.value;
  const tried = await tryVersion(deps, found, version);
  return finish(deps, actor, { claim, id: found.id, version, reason: input.reason }, tried);
}

type Begun =
  | { readonly kind: 'staged'; readonly id: string; readonly version: number }
  | { readonly kind: 'claimed'; readonly found: FoundCredential; readonly version: number };

async function begin(
  deps: ConfigDeps,
  actor: Rotator,
  idOrName: string,
  input: CredentialRotate,
  claim: string,
): Promise<Result<Begun, ConfigRefusal>> {
  return withTx(deps.prisma, async (tx) => {
    const found = await lockCredential(tx, idOrName);
    if (found === null || found.retiredAt !== null) return refuse('not-found', 'There is no such credential.');
    const now = await databaseNow(tx);
    if (found.rotationUntil !== null && found.rotationUntil > now) {
      return refuse('rotation-running', 'Another rotation of it has begun and not ended.');
    }
    if (isEnded(found.endsAt?.getTime() ?? null, now.getTime())) {
      return refuse('credential-ended', 'It has ended: retire it and add another.');
    }
    if (found.configHash !== found.server.configHash) {
      return refuse('credential-unavailable', 'The server is another one now: confirm the credential for it first.');
    }
    const config = credentialConfigSchema.parse(found.config);
    const next = nextConfig(config, input.certificate);
    if (!next.ok) return next;
    const waiting = found.secrets.find((secret) => secret.state === 'next');
    const takesWaiting = waiting !== undefined && input.secret === undefined && waiting.publicJwk !== null;
    if (takesWaiting) {
      await claimRow(tx, found.id, claim, now);
      return ok({ kind: 'claimed', found, version: waiting.version });
    }
    const version = await storeNext(deps, tx, found, {
      config: next.value,
      secret: input.secret,
      nowMs: now.getTime(),
    });
    if (!version.ok) return version;
    // A key that nobody has registered yet cannot be tried; it waits under the credential, and nothing uses it.
    if (needsKey(config) && !needsSecret(config)) {
      await tell(tx, deps, actor, found, 'credential.rotation-staged', {
        version: version.value,
        reason: input.reason,
      });
      await bumpConfig(tx, 'credentials', found.id);
      return ok({ kind: 'staged', id: found.id, version: version.value });
    }
    await claimRow(tx, found.id, claim, now);
    return ok({ kind: 'claimed', found, version: version.value });
  });
}

/** The configuration that the next version is stored under: the same, but for a certificate, which comes with its key. */
function nextConfig(
  config: CredentialConfig,
  certificate: string | undefined,
): Result<CredentialConfig, ConfigRefusal> {
  if ((config.kind === 'client-certificate') === (certificate !== undefined)) {
    return ok(certificate === undefined ? config : { kind: 'client-certificate', certificate });
  }
  return refuse(
    'invalid-request',
    certificate === undefined ? 'Give the next certificate with its key.' : 'This credential is no certificate.',
  );
}

function claimRow(tx: Tx, id: string, claim: string, now: Date): Promise<unknown> {
  const rotationUntil = new Date(now.getTime() + CLAIM_S * 1000);
  return tx.credential.update({ where: { id }, data: { rotationId: claim, rotationUntil } });
}

async function storeNext(
  { keys }: ConfigDeps,
  tx: Tx,
  found: FoundCredential,
  next: { readonly config: CredentialConfig; readonly secret: string | undefined; readonly nowMs: number },
): Promise<Result<number, ConfigRefusal>> {
  const prepared = await prepareSecret(next.config, next.secret, next.nowMs);
  if (!prepared.ok) return prepared;
  const { stored, publicJwk, recognised } = prepared.value;
  if (recognised?.verdict === 'migration' && !found.migrationOnly) {
    return refuse(
      'personal-token',
      `This looks like a ${recognised.name}: add it as a credential of its own, with an end.`,
    );
  }
  // Whatever was left waiting by a rotation that broke off was never in use.
  for (const left of found.secrets) if (left.state === 'next') await eraseVersion(tx, left.id);
  const version = Math.max(0, ...found.secrets.map((one) => one.version)) + 1;
  const { id: credentialId, serverId, configHash } = found;
  const place = { secretId: randomUUIDv7(), credentialId, version, serverId, configHash };
  await storeVersion(tx, keys.wrapper, place, {
    state: 'next',
    secret: stored,
    publicJwk,
    ...(next.config.kind === 'client-certificate' ? { certificate: next.config.certificate } : {}),
  });
  return ok(version);
}

/**
 * The test call: the server's handshake and its list of tools, with that version. A certificate must be shown by an entry of
 * the allowlist: a test that does not show it would prove nothing.
 */
export async function tryVersion(
  deps: ConfigDeps,
  { id: credentialId, kind, server }: Pick<FoundCredential, 'id' | 'kind' | 'server'>,
  version: number,
): Promise<Result<{ tools: number }, string>> {
  const isCertificate = kind === 'client-certificate';
  if (isCertificate && !(await isShown(deps, credentialId))) {
    return err('No allowlist entry shows it: allow its server’s address with it.');
  }
  try {
    const read = isCertificate
      ? await discoverServer(deps, server, undefined, { credentialId, version })
      : await discoverServer(deps, server, version);
    if (read.ok) return ok({ tools: read.value.tools.length });
    return err(read.error.detail ?? read.error.code);
  } catch {
    return err('The test call could not be made.');
  }
}

async function isShown({ prisma }: Pick<ConfigDeps, 'prisma'>, clientCertificateId: string): Promise<boolean> {
  return (await prisma.egressEntry.count({ where: { clientCertificateId, revokedAt: null } })) > 0;
}

type Attempt = { readonly claim: string; readonly id: string; readonly version: number; readonly reason: string };

async function finish(
  deps: ConfigDeps,
  actor: Rotator,
  attempt: Attempt,
  tried: Result<{ tools: number }, string>,
): Promise<Result<Rotated, ConfigRefusal>> {
  return withTx(deps.prisma, async (tx) => {
    const found = await lockCredential(tx, attempt.id);
    const next = found?.secrets.find((one) => one.version === attempt.version && one.state === 'next');
    if (found === null || found.rotationId !== attempt.claim || next === undefined) {
      return refuse('conflict', 'The rotation took too long and was given up: the current secret stays in use.');
    }
    const now = await databaseNow(tx);
    const over = { rotationId: null, rotationUntil: null };
    const changed = found.configHash !== found.server.configHash;
    const failure = tried.ok ? (changed ? 'The server was changed during the test call.' : null) : tried.error;
    if (failure !== null) {
      if (!goesOnWaiting(credentialConfigSchema.parse(found.config), next)) await eraseVersion(tx, next.id);
      await tx.credential.update({ where: { id: found.id }, data: { ...over, rotationError: failure } });
      const detail = { version: next.version, error: failure };
      await tell(tx, deps, actor, found, 'credential.rotation-failed', detail);
      await bumpConfig(tx, 'credentials', found.id);
      return refuse('credential-test-failed', failure);
    }
    for (const one of found.secrets) if (one.state === 'previous') await eraseVersion(tx, one.id);
    const notAfter = new Date(now.getTime() + found.overlapMinutes * 60_000);
    await tx.credentialSecret.updateMany({
      where: { credentialId: found.id, state: 'current' },
      data: { state: 'previous', notAfter },
    });
    await tx.credentialSecret.update({ where: { id: next.id }, data: { state: 'current' } });
    const everyMs = found.rotateEveryDays === null ? null : found.rotateEveryDays * DAY_MS;
    await tx.credential.update({
      where: { id: found.id },
      data: {
        ...over,
        ...renewedBy(next.certificate),
        rotationError: null,
        lastError: null,
        rotatedAt: now,
        hookFailures: 0,
        nextRotationAt: everyMs === null ? null : new Date(now.getTime() + everyMs),
      },
    });
    const detail = { version: next.version, overlapMinutes: found.overlapMinutes, reason: attempt.reason };
    await tell(tx, deps, actor, found, 'credential.rotated', detail);
    await bumpConfig(tx, 'credentials', found.id);
    return ok({ id: found.id, version: next.version, state: 'current' });
  });
}

/** What a certificate that is taken into use says of itself: it is the one that is shown, and its end is the credential's. */
function renewedBy(certificate: string | null) {
  if (certificate === null) return {};
  const config = { kind: 'client-certificate', certificate };
  return { config, endsAt: certificateEnd(certificate), endedAt: null, remindedDays: null };
}

function tell(
  tx: Tx,
  { keys }: Pick<ConfigDeps, 'keys'>,
  actor: Rotator,
  found: Pick<FoundCredential, 'name' | 'server'>,
  type: 'credential.rotation-staged' | 'credential.rotated' | 'credential.rotation-failed',
  detail: Readonly<Record<string, string | number>>,
): Promise<string> {
  const event = { type, actor: auditActor(actor), server: found.server.name, detail: { name: found.name, ...detail } };
  return recordEvent(tx, keys, event);
}
