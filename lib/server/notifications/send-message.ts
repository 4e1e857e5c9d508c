// Server-only. One message through its channel.
import type { Database } from '../db/prisma.ts';
import type { Keys } from '../keys/load-keys.ts';
import type { Claimed } from './claim-delivery.ts';
import type { Sent } from './message.ts';
import { sendEmail } from './senders/email.ts';
import { sendSlack } from './senders/slack.ts';
import { type PushOutcome, sendWebPush } from './senders/web-push.ts';
import { sendWebhook } from './senders/webhook.ts';
import { openSubscription } from './subscriptions.ts';
import type { WayOut } from './way-out.ts';

export type SendDeps = { readonly prisma: Database; readonly keys: Pick<Keys, 'masterKey'>; readonly out: WayOut };
export type Addressed = Pick<Claimed, 'channel' | 'personId' | 'email' | 'message' | 'sentTo'> & {
  /** Only this browser. */
  readonly onlySubscription?: string;
};

/** Sends it and says how that ended. Throws only when the database is away or a secret does not open. */
export function sendMessage(deps: SendDeps, what: Addressed): Promise<Sent> {
  const { channel, message, email } = what;
  const { config, secrets } = channel;
  if (config.kind === 'web-push' && secrets.kind === 'web-push') {
    return toBrowsers(deps, what, { ...config, privateKey: secrets.privateKey });
  }
  if (config.kind === 'email' && secrets.kind === 'email') {
    if (email === null) return never('There is no mailbox for it.');
    return sendEmail(deps.out, { ...config, password: secrets.password }, email, message);
  }
  if (config.kind === 'slack' && secrets.kind === 'slack') {
    const { webhookUrl, botToken } = secrets;
    if (config.via === 'bot' && botToken !== null && config.channel !== null) {
      const { origin: api, channel: place } = config;
      return sendSlack(deps.out, { via: 'bot', api, token: botToken, channel: place }, message);
    }
    if (config.via === 'webhook' && webhookUrl !== null) {
      return sendSlack(deps.out, { via: 'webhook', url: webhookUrl }, message);
    }
  }
  if (config.kind === 'webhook' && secrets.kind === 'webhook') return sendWebhook(deps.out, secrets, message);
  return never('The channel is not set up.');
}

type PushKeys = Parameters<typeof sendWebPush>[1];

async function toBrowsers(deps: SendDeps, what: Addressed, keys: PushKeys): Promise<Sent> {
  const rows = await deps.prisma.pushSubscription.findMany({
    where: {
      personId: what.personId ?? '00000000-0000-0000-0000-000000000000',
      ...(what.onlySubscription === undefined ? {} : { id: what.onlySubscription }),
    },
  });
  const left = rows.filter((row) => !what.sentTo.includes(row.id));
  const browsers = left.map((row) => ({ id: row.id, secret: openSubscription(deps.keys, row) }));
  const outcome = await sendWebPush(deps.out, keys, what.message, browsers);
  await noteBrowsers(deps.prisma, outcome);
  // An earlier try told others: somebody has it, whatever became of the rest.
  return outcome.sent.kind === 'gone' && what.sentTo.length > 0 ? { kind: 'delivered' } : outcome.sent;
}

async function noteBrowsers(prisma: Database, { sent, gone, failed }: PushOutcome): Promise<void> {
  const told = 'sentTo' in sent ? [...(sent.sentTo ?? [])] : [];
  if (gone.length > 0) await prisma.pushSubscription.deleteMany({ where: { id: { in: [...gone] } } });
  if (told.length > 0) {
    await prisma.$executeRaw`
      UPDATE push_subscriptions SET last_delivered_at = clock_timestamp(), last_error = NULL
      WHERE id = ANY(${told}::uuid[])`;
  }
  for (const { id, why } of failed) {
    await prisma.pushSubscription.updateMany({ where: { id }, data: { lastError: why } });
  }
}

const never = async (why: string): Promise<Sent> => ({ kind: 'never', why });
