// Server-only. A test message: sent at once, tried once, and beside the outbox.
import { randomUUIDv7 } from 'node:crypto';
import type { ChannelTest } from '#lib/contracts/notice-shapes.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor, HumanPrincipal } from '#lib/core/identity/principals.ts';
import { testNotice } from '#lib/core/notifications/notice.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { countAttempt } from '../auth/count-attempts.ts';
import { type ConfigDeps, type ConfigRefusal, mayConfigure, refuse } from '../db/config-write.ts';
import { withTx } from '../db/tx.ts';
import { type Channel, toChannel } from './channel-rows.ts';
import type { Message, Sent } from './message.ts';
import { type Addressed, sendMessage } from './send-message.ts';
import { openWayOut, type WayOutOptions } from './way-out.ts';

/** In a quarter of an hour: enough to set a channel up, too few to fill a mailbox or a chat with. */
const MOST_BY_ONE = 10;
const MOST_TO_ONE = 10;
const MOST_THROUGH_ONE = 20;

type Deps = ConfigDeps & { readonly consoleUrl: string } & WayOutOptions;
type Answer = Promise<Result<ChannelTest, ConfigRefusal>>;

/**
 * Sends a test through a channel; web push and e-mail go to whoever asks. Only an admin may. The operator at the host has
 * neither a mailbox nor a browser: `email` names one of the people. Refuses more than a few in a quarter of an hour, by who
 * asks, by channel and by who gets it.
 */
export async function testChannel(deps: Deps, actor: ConfigActor, id: string, email?: string): Answer {
  if (!mayConfigure(actor)) return refuse('not-allowed', 'Only an admin may send a test.');
  const row = await deps.prisma.notificationChannel.findUnique({ where: { id } });
  if (row === null) return refuse('not-found');
  const channel = toChannel(deps.keys, row);
  const mailbox = email ?? (actor.kind === 'human' ? actor.email : null);
  const isPersonal = channel.config.kind === 'email' || channel.config.kind === 'web-push';
  const person =
    mailbox === null ? null : await deps.prisma.person.findUnique({ where: { email: mailbox, status: 'active' } });
  if (isPersonal && person === null) return refuse('invalid-request', 'Say to whom: one of the people.');
  return send(deps, actor, { channel, personId: person?.id ?? null, email: person?.email ?? null });
}

/** Sends a test to one of one's own browsers. Another's is not there. */
export async function testSubscription(deps: Deps, principal: HumanPrincipal, id: string): Answer {
  const own = await deps.prisma.pushSubscription.findFirst({ where: { id, personId: principal.id } });
  const row = await deps.prisma.notificationChannel.findFirst({ where: { kind: 'web-push', enabled: true } });
  if (own === null || row === null) return refuse('not-found');
  const channel = toChannel(deps.keys, row);
  return send(deps, principal, { channel, personId: principal.id, email: null, onlySubscription: id });
}

async function send(
  deps: Deps,
  actor: ConfigActor,
  to: { readonly channel: Channel } & Pick<Addressed, 'personId' | 'email' | 'onlySubscription'>,
): Answer {
  const by = actor.kind === 'human' ? actor.id : 'operator';
  const limits = [
    { key: `notify-test:by:${by}`, limit: MOST_BY_ONE },
    { key: `notify-test:channel:${to.channel.id}`, limit: MOST_THROUGH_ONE },
    ...(to.personId === null ? [] : [{ key: `notify-test:to:${to.personId}`, limit: MOST_TO_ONE }]),
  ];
  if (!(await countAttempt(deps.prisma, limits))) {
    return refuse('rate-limited', 'Enough tests for a quarter of an hour.');
  }
  const out = openWayOut(deps, deps);
  try {
    await out.refresh();
    const sent = await sendMessage({ ...deps, out }, { ...to, message: testMessage(deps.consoleUrl), sentTo: [] });
    const detail = wordsFor(sent);
    await withTx(deps.prisma, (tx) =>
      recordEvent(tx, deps.keys, {
        type: 'notification.tested',
        actor: auditActor(actor),
        detail: { channel: to.channel.name, outcome: detail },
      }),
    );
    return ok({ ok: sent.kind === 'delivered', detail });
  } finally {
    await out.close();
  }
}

function testMessage(consoleUrl: string): Message {
  const id = randomUUIDv7();
  const { kind, type, tier, title, facts, path, requestId } = testNotice(id);
  return {
    id,
    type,
    kind,
    tier,
    title,
    facts,
    requestId,
    url: `${consoleUrl}${path}`,
    createdAt: new Date(),
    uselessAfter: null,
  };
}

function wordsFor(sent: Sent): string {
  return sent.kind === 'delivered' ? 'It was taken.' : sent.why;
}
