// Server-only. The browsers that somebody lets us tell. An endpoint is a URL that whoever subscribes chooses.
import { createECDH, hash, randomUUIDv7 } from 'node:crypto';
import { z } from 'zod';
import type { Subscription, SubscriptionInput } from '#lib/contracts/preferences.ts';
import { NOTIFICATIONS_IDENTITY } from '#lib/core/egress/entries-for.ts';
import { judgeUrl } from '#lib/core/egress/judge-url.ts';
import { readUrl } from '#lib/core/egress/read-url.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { type ConfigRefusal, refuse } from '../db/config-write.ts';
import type { Database } from '../db/prisma.ts';
import { type Tx, withTx } from '../db/tx.ts';
import { loadEntries } from '../egress/entry-rows.ts';
import type { PushSubscription } from '../generated/prisma/client.ts';
import type { Keys } from '../keys/load-keys.ts';
import { open, seal } from '../keys/seal.ts';

type Deps = { readonly prisma: Database; readonly keys: Keys };
type Root = Pick<Keys, 'masterKey'>;

const secretSchema = z.object({ endpoint: z.string(), p256dh: z.string(), auth: z.string() });
export type SubscriptionSecret = z.infer<typeof secretSchema>;

/** More browsers than anybody has; each one is a request at every message. */
const MOST_OF_ONE = 20;

export async function listSubscriptions(tx: Tx, principal: HumanPrincipal): Promise<{ items: Subscription[] }> {
  const rows = await tx.pushSubscription.findMany({
    where: { personId: principal.id },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  });
  return { items: rows.map(viewOf) };
}

/**
 * Registers a browser of whoever asks. The same one again is the same row.
 *
 * Refuses an endpoint that is not https or not on the allowlist: nothing is ever sent there, so it is better said now. A
 * browser in which somebody else had subscribed is that person's no more, if it shows the same keys: it would go on showing
 * them news in another's hands. Without the keys an endpoint proves nothing, and takes nothing from anybody.
 */
export async function subscribe(
  deps: Deps,
  principal: HumanPrincipal,
  input: SubscriptionInput,
): Promise<Result<Subscription, ConfigRefusal>> {
  const judged = await judgeEndpoint(deps.prisma, input);
  if (!judged.ok) return judged;
  const { service } = judged.value;
  const endpointHash = hash('sha256', `countersign/push-endpoint/v1\n${input.endpoint}`);
  return withTx(deps.prisma, async (tx): Promise<Result<Subscription, ConfigRefusal>> => {
    const channel = await tx.notificationChannel.findFirst({ where: { kind: 'web-push', enabled: true } });
    if (channel === null) return refuse('conflict', 'Web push is not set up: an admin can add the channel.');
    await tx.$queryRaw`SELECT 1 FROM people WHERE id = ${principal.id}::uuid FOR NO KEY UPDATE`;
    const others = await tx.pushSubscription.findMany({ where: { endpointHash, personId: { not: principal.id } } });
    for (const other of others) {
      const secret = openSubscription(deps.keys, other);
      if (secret.auth !== input.keys.auth || secret.p256dh !== input.keys.p256dh) continue;
      await tx.pushSubscription.delete({ where: { id: other.id } });
    }
    const mine = await tx.pushSubscription.findMany({ where: { personId: principal.id } });
    const same = mine.find((one) => one.endpointHash === endpointHash);
    if (same === undefined && mine.length >= MOST_OF_ONE) {
      return refuse('conflict', `You have ${MOST_OF_ONE} browsers already: remove one first.`);
    }
    const id = same?.id ?? randomUUIDv7();
    const sealed = sealSubscription(deps.keys, id, { endpoint: input.endpoint, ...input.keys });
    const row = await tx.pushSubscription.upsert({
      where: { id },
      create: { id, personId: principal.id, endpointHash, service, sealed, device: input.device },
      update: { sealed, device: input.device, lastError: null },
    });
    if (same === undefined) {
      await recordEvent(tx, deps.keys, {
        type: 'notification.subscribed',
        actor: auditActor(principal),
        detail: { subscription: id, service, device: input.device },
      });
    }
    return ok(viewOf(row));
  });
}

/** Removes one of one's own browsers. Another's is not there: the answer is the same for both, and the log knows. */
export async function unsubscribe(
  deps: Deps,
  principal: HumanPrincipal,
  id: string,
): Promise<Result<{ readonly id: string }, ConfigRefusal>> {
  return withTx(deps.prisma, async (tx): Promise<Result<{ readonly id: string }, ConfigRefusal>> => {
    const gone = await tx.$queryRaw<{ service: string }[]>`
      DELETE FROM push_subscriptions WHERE id = ${id}::uuid AND person_id = ${principal.id}::uuid RETURNING service`;
    const [one] = gone;
    await recordEvent(tx, deps.keys, {
      type: one === undefined ? 'notification.refused' : 'notification.unsubscribed',
      actor: auditActor(principal),
      ...(one === undefined ? { code: 'not-found' } : {}),
      detail: { subscription: id, service: one?.service ?? null },
    });
    return one === undefined ? refuse('not-found') : ok({ id });
  });
}

/** The endpoint and the keys of a row. */
export function openSubscription(keys: Root, row: Pick<PushSubscription, 'id' | 'sealed'>): SubscriptionSecret {
  return secretSchema.parse(JSON.parse(open(keys.masterKey, row.sealed, placeOf(row.id)).toString('utf8')));
}

function sealSubscription(keys: Root, id: string, secret: SubscriptionSecret): Uint8Array<ArrayBuffer> {
  return new Uint8Array(seal(keys.masterKey, JSON.stringify(secret), placeOf(id)));
}

const placeOf = (id: string) => `push-subscription/v1\n${id}`;

async function judgeEndpoint(
  tx: Tx,
  { endpoint, keys }: SubscriptionInput,
): Promise<Result<{ readonly service: string }, ConfigRefusal>> {
  const read = readUrl(endpoint);
  if (!read.ok) return refuse('invalid-request', `endpoint: ${read.error}`);
  if (read.value.scheme !== 'https') return refuse('invalid-request', 'endpoint: a push service is reached by https');
  if (!isCurvePoint(keys.p256dh)) return refuse('invalid-request', 'keys.p256dh: not a point of the curve P-256');
  const { origin } = new URL(endpoint);
  const judged = judgeUrl(endpoint, await loadEntries(tx, NOTIFICATIONS_IDENTITY), Date.now());
  if (judged.ok) return ok({ service: origin });
  return refuse(
    'conflict',
    `Your browser’s push service ${origin} is not on the allowlist for notifications: an admin can add it.`,
  );
}

/** What is no public key would only fail at every message. */
function isCurvePoint(p256dh: string): boolean {
  try {
    const ecdh = createECDH('prime256v1');
    ecdh.generateKeys();
    ecdh.computeSecret(Buffer.from(p256dh, 'base64url'));
    return true;
  } catch {
    return false;
  }
}

function viewOf(row: PushSubscription): Subscription {
  return {
    id: row.id,
    device: row.device,
    service: row.service,
    createdAt: row.createdAt.toISOString(),
    lastDeliveredAt: row.lastDeliveredAt?.toISOString() ?? null,
    lastError: row.lastError,
  };
}
