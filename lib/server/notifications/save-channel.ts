// Server-only. Making, changing and removing channels.
import { randomUUIDv7 } from 'node:crypto';
import type { ChannelCreate, ChannelPatch } from '#lib/contracts/channel-input.ts';
import type { EgressEntryInput } from '#lib/contracts/egress-input.ts';
import { auditActor, personIdOf } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { NOTICE_KINDS, type NoticeKind } from '#lib/core/notifications/kinds.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import {
  type ConfigDeps,
  type ConfigRefusal,
  type ConfigWrite,
  mayConfigure,
  refuse,
  writeConfig,
} from '../db/config-write.ts';
import type { Tx } from '../db/tx.ts';
import { systemLookup } from '../egress/resolve-host.ts';
import { confirmChannelReach, entriesNeeded, missingOf } from './channel-reach.ts';
import { type Channel, lockChannel, type StoredConfig, toChannel } from './channel-rows.ts';
import { type ChannelSecrets, newWebhookSecret, sealChannelSecrets } from './channel-secrets.ts';
import { newConfig } from './new-config.ts';

/** What was saved; `secret` is a webhook's, when it was made just now. */
export type Saved = { readonly id: string; readonly secret: string | null };

const OVERLAP_MS = 24 * 3_600_000;

/**
 * Makes a channel. Only an admin may. Refuses a name that is taken, a second web-push or e-mail channel, and one whose
 * destination the allowlist does not cover (`egress-entry-needed`, naming the entries), unless they are to be added too.
 */
export async function createChannel(
  deps: ConfigDeps,
  actor: ConfigActor,
  input: ChannelCreate,
): Promise<Result<Saved, ConfigRefusal>> {
  if (!mayConfigure(actor)) return refuse('not-allowed', 'Only an admin may change this.');
  const made = newConfig(input.config, null);
  if (!made.ok) return made;
  const { config, secrets, shown } = made.value;
  // Before the transaction: naming an entry resolves the host, which waits for a stranger.
  const needed = await entriesNeeded(deps.prisma, { name: input.name, config }, systemLookup);
  if (!needed.ok) return needed;
  return writeConfig<Saved, ConfigRefusal>(deps, actor, async (write) => {
    const taken = await isTaken(write.tx, input.name, config.kind);
    if (taken !== null) return taken;
    const reach = await confirmChannelReach(write, missingOf(config, needed.value), input.addEgress);
    if (!reach.ok) return reach;
    const id = randomUUIDv7();
    await write.tx.notificationChannel.create({
      data: {
        id,
        name: input.name,
        kind: config.kind,
        kinds: [...(input.kinds ?? NOTICE_KINDS)],
        config,
        sealed: sealChannelSecrets(deps.keys, id, secrets),
        createdBy: personIdOf(actor),
        createdAt: write.now,
      },
    });
    await record(write, 'notification.channel-added', { name: input.name, kind: config.kind, reason: input.reason });
    return ok({ id, secret: shown });
  });
}

/** Changes a channel. What waits for one that is switched off is dropped: it would be old news when it is on again. */
export async function changeChannel(
  deps: ConfigDeps,
  actor: ConfigActor,
  id: string,
  patch: ChannelPatch,
): Promise<Result<Saved, ConfigRefusal>> {
  if (!mayConfigure(actor)) return refuse('not-allowed', 'Only an admin may change this.');
  const missing = await missingAfter(deps, id, patch);
  if (!missing.ok) return missing;
  return writeConfig<Saved, ConfigRefusal>(deps, actor, async (write) => {
    const before = await lockChannel(write.tx, deps.keys, id);
    if (before === null) return refuse('not-found');
    const made = changedConfig(patch, before, write.now.getTime());
    if (!made.ok) return made;
    const { config, secrets, shown } = made.value;
    const name = patch.name ?? before.name;
    if (name !== before.name) {
      const taken = await isTaken(write.tx, name, null);
      if (taken !== null) return taken;
    }
    const reach = await confirmChannelReach(write, missing.value, patch.addEgress);
    if (!reach.ok) return reach;
    await write.tx.notificationChannel.update({
      where: { id },
      data: {
        name,
        enabled: patch.enabled ?? before.enabled,
        kinds: [...(patch.kinds ?? before.kinds)],
        config,
        sealed: sealChannelSecrets(deps.keys, id, secrets),
        ...(patch.config === undefined ? {} : { pausedUntil: null }),
      },
    });
    if (patch.enabled === false) await dropWaiting(write.tx, id);
    await record(write, 'notification.channel-changed', {
      name,
      kind: config.kind,
      enabled: patch.enabled ?? before.enabled,
      changed: Object.keys(patch)
        .filter((key) => key !== 'reason' && key !== 'addEgress')
        .join(' '),
      kinds: patch.kinds === undefined ? null : kindsText(patch.kinds),
      reason: patch.reason,
    });
    return ok({ id, secret: shown });
  });
}

/** Removes a channel with its secrets and its deliveries; without web push nobody's browser is told any more. */
export function removeChannel(
  deps: ConfigDeps,
  actor: ConfigActor,
  id: string,
  reason: string,
): Promise<Result<{ readonly id: string }, ConfigRefusal>> {
  return writeConfig<{ readonly id: string }, ConfigRefusal>(deps, actor, async (write) => {
    const before = await lockChannel(write.tx, deps.keys, id);
    if (before === null) return refuse('not-found');
    await write.tx.notificationChannel.delete({ where: { id } });
    // Bound to the key pair that is gone: no other could tell these browsers anything.
    if (before.config.kind === 'web-push') await write.tx.pushSubscription.deleteMany({});
    await record(write, 'notification.channel-removed', { name: before.name, kind: before.config.kind, reason });
    return ok({ id });
  });
}

/** The entries that the channel would lack after the change. Asked before the transaction: it resolves the host. */
async function missingAfter(
  deps: ConfigDeps,
  id: string,
  patch: ChannelPatch,
): Promise<Result<readonly EgressEntryInput[], ConfigRefusal>> {
  if (patch.config === undefined) return ok([]);
  const row = await deps.prisma.notificationChannel.findUnique({ where: { id } });
  if (row === null) return refuse('not-found');
  const made = newConfig(patch.config, toChannel(deps.keys, row));
  if (!made.ok) return made;
  const needed = await entriesNeeded(
    deps.prisma,
    { name: patch.name ?? row.name, config: made.value.config },
    systemLookup,
  );
  return needed.ok ? ok(missingOf(made.value.config, needed.value)) : needed;
}

function changedConfig(patch: ChannelPatch, before: Channel, nowMs: number) {
  const made =
    patch.config === undefined
      ? ok({ config: before.config, secrets: before.secrets, shown: null })
      : newConfig(patch.config, before);
  if (!made.ok || patch.newSecret === undefined) return made;
  const { config, secrets } = made.value;
  if (secrets.kind !== 'webhook') return refuse('invalid-request', 'newSecret: only a webhook has one');
  const secret = newWebhookSecret();
  const previous = { secret: secrets.secret, untilMs: nowMs + OVERLAP_MS };
  return ok<{ config: StoredConfig; secrets: ChannelSecrets; shown: string | null }>({
    config,
    secrets: { ...secrets, secret, previous },
    shown: secret,
  });
}

async function isTaken(tx: Tx, name: string, kind: StoredConfig['kind'] | null) {
  if ((await tx.notificationChannel.findUnique({ where: { name }, select: { id: true } })) !== null) {
    return refuse('name-taken', 'A channel of this name is there already.');
  }
  if (kind !== 'web-push' && kind !== 'email') return null;
  const other = await tx.notificationChannel.findFirst({ where: { kind }, select: { name: true } });
  return other === null
    ? null
    : refuse('conflict', `There is one such channel already: ${other.name}. Change that one.`);
}

async function dropWaiting(tx: Tx, channelId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE notification_deliveries SET state = 'dropped', why = 'The channel was switched off.', lease_id = NULL,
      lease_until = NULL WHERE channel_id = ${channelId}::uuid AND state = 'waiting'`;
}

type Told = 'notification.channel-added' | 'notification.channel-changed' | 'notification.channel-removed';

function record(
  write: ConfigWrite,
  type: Told,
  detail: Readonly<Record<string, string | boolean | null>>,
): Promise<string> {
  return recordEvent(write.tx, write.keys, { type, actor: auditActor(write.actor), detail });
}

const kindsText = (kinds: readonly NoticeKind[]) => kinds.join(' ');
