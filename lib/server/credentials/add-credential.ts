// Server-only.
import { randomUUIDv7 } from 'node:crypto';
import { type CredentialCreate, credentialKindSchema } from '#lib/contracts/credentials.ts';
import { checkEnd, isMigrationKind, isSamePurpose, targetOf } from '#lib/core/credentials/kinds.ts';
import { recogniseToken } from '#lib/core/credentials/known-tokens.ts';
import { auditActor, personIdOf } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpConfig } from '../db/config-head.ts';
import {
  type ConfigDeps,
  type ConfigRefusal,
  type ConfigWrite,
  mayConfigure,
  refuse,
  writeConfig,
} from '../db/config-write.ts';
import { withTx } from '../db/tx.ts';
import { loadEntries } from '../egress/entry-rows.ts';
import { isCovered } from '../egress/suggest-entry.ts';
import { lockServer } from '../servers/find-server.ts';
import { prepareSecret, tokenIn } from './new-secret.ts';
import { isPrivateWay } from './post-once.ts';
import { storeVersion } from './vault.ts';

const DAY_MS = 86_400_000;

/**
 * Adds the credential of one server. The secret is sealed for that server as it is now: another address or command opens
 * nothing. A person's token is refused with what to use instead, and that it was offered stands in the log.
 */
export async function addCredential(
  deps: ConfigDeps,
  actor: ConfigActor,
  input: CredentialCreate,
): Promise<Result<{ id: string }, ConfigRefusal>> {
  const added = await writeConfig(deps, actor, (write) => addCredentialIn(write, input));
  if (!added.ok && added.error.code === 'personal-token' && mayConfigure(actor)) {
    await noteRefusal(deps, actor, input.server, tokenIn(input.config)?.name ?? nameOf(input.secret));
  }
  return added;
}

/** The same inside a larger transaction. */
export async function addCredentialIn(
  write: ConfigWrite,
  input: CredentialCreate,
): Promise<Result<{ id: string }, ConfigRefusal>> {
  const { tx, keys, actor, now } = write;
  const { config } = input;
  const server = await lockServer(tx, input.server);
  if (server === null) return refuse('not-found', 'There is no such server.');
  if (server.transport === 'external')
    return refuse('invalid-request', 'An external server is never called from here.');
  const target = targetOf(config.kind);
  if (server.transport === 'stdio' && target !== 'env') {
    return refuse('invalid-request', 'A stdio server takes its credential as a variable (env).');
  }
  if (server.transport === 'http' && target === 'env') {
    return refuse('invalid-request', 'An http server takes no variable.');
  }
  if (target === 'connection' && server.url?.startsWith('https:') !== true) {
    return refuse('invalid-request', 'A certificate is shown over https only, and this server is reached without.');
  }
  const prepared = await prepareSecret(config, input.secret, now.getTime());
  if (!prepared.ok) return prepared;
  const { stored, publicJwk, recognised } = prepared.value;
  const migrationOnly = isMigrationKind(config.kind) || recognised?.verdict === 'migration';
  const { certificateEndsAtMs } = prepared.value;
  if (certificateEndsAtMs !== null && (input.endsAt !== undefined || input.rotateEveryDays !== undefined)) {
    return refuse('invalid-request', 'A certificate says itself when it ends, and is replaced by another.');
  }
  const endsAtMs = certificateEndsAtMs ?? (input.endsAt === undefined ? null : Date.parse(input.endsAt));
  const end = checkEnd({ endsAtMs, createdAtMs: now.getTime(), nowMs: now.getTime() }, migrationOnly);
  if (!end.ok) return refuse('invalid-request', end.error);
  const live = await tx.credential.findMany({
    where: { retiredAt: null, OR: [{ serverId: server.id }, { name: input.name }] },
  });
  const rival = live.find(
    (one) => one.serverId === server.id && isSamePurpose(credentialKindSchema.parse(one.kind), config.kind),
  );
  if (rival !== undefined) {
    return refuse('conflict', `${server.name} has a credential (${rival.name}): rotate it, or retire it first.`);
  }
  if (live.some((one) => one.name === input.name))
    return refuse('name-taken', `There is already a credential named ${input.name}.`);
  const reach = await checkTokenUrl(write, config);
  if (!reach.ok) return reach;

  const id = randomUUIDv7();
  await tx.credential.create({
    data: {
      id,
      name: input.name,
      serverId: server.id,
      configHash: server.configHash,
      kind: config.kind,
      config: withoutUndefined(config),
      migrationOnly,
      personalToken: recognised?.name ?? null,
      createdBy: personIdOf(actor),
      createdAt: now,
      endsAt: endsAtMs === null ? null : new Date(endsAtMs),
      overlapMinutes: input.overlapMinutes,
      rotateEveryDays: input.rotateEveryDays ?? null,
      nextRotationAt:
        input.rotateEveryDays === undefined ? null : new Date(now.getTime() + input.rotateEveryDays * DAY_MS),
    },
  });
  const place = { secretId: randomUUIDv7(), credentialId: id, version: 1, serverId: server.id };
  await storeVersion(
    tx,
    keys.wrapper,
    { ...place, configHash: server.configHash },
    { state: 'current', secret: stored, publicJwk },
  );
  await recordEvent(tx, keys, {
    type: 'credential.added',
    actor: auditActor(actor),
    server: server.name,
    detail: {
      name: input.name,
      kind: config.kind,
      migration: migrationOnly,
      recognised: recognised?.name ?? null,
      endsAt: endsAtMs === null ? null : new Date(endsAtMs).toISOString(),
      configHash: server.configHash,
      reason: input.reason,
    },
  });
  await bumpConfig(tx, 'credentials', id);
  return ok({ id });
}

/** A token endpoint gets the client's secret: only over TLS, and only where the allowlist already leads. */
async function checkTokenUrl(
  { tx, now }: ConfigWrite,
  config: CredentialCreate['config'],
): Promise<Result<true, ConfigRefusal>> {
  if (!('tokenUrl' in config)) return ok(true);
  if (!isPrivateWay(config.tokenUrl)) return refuse('invalid-request', 'The token endpoint must be https.');
  const entries = await loadEntries(tx);
  if (isCovered(config.tokenUrl, entries, undefined, now.getTime())) return ok(true);
  return err({
    code: 'egress-denied',
    detail: 'The token endpoint is not on the egress allowlist: add it there first.',
  });
}

function withoutUndefined(config: CredentialCreate['config']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

/** What kind of token a secret is; nothing of the secret. */
export function nameOf(secret: string | undefined): string {
  return recogniseToken(secret ?? '')?.name ?? 'a personal token';
}

/** Says in the log that somebody offered a person's token, and of which kind; nothing of the token. */
export async function noteRefusal(
  deps: ConfigDeps,
  actor: ConfigActor,
  server: string,
  recognised: string,
): Promise<void> {
  await withTx(deps.prisma, async (tx) => {
    await recordEvent(tx, deps.keys, {
      type: 'credential.refused',
      actor: auditActor(actor),
      server,
      code: 'personal-token',
      detail: { recognised },
    });
  });
}
