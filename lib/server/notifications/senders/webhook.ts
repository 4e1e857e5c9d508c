// Server-only. To a machine: Standard Webhooks, so that receivers verify with a library of theirs.
import { Webhook } from 'standardwebhooks';
import type { Message, Sent } from '../message.ts';
import type { WayOut } from '../way-out.ts';
import { post } from './post.ts';

export type WebhookTarget = {
  readonly url: string;
  readonly secret: string;
  readonly previous: { readonly secret: string; readonly untilMs: number } | null;
};

/**
 * Posts one event. `webhook-id` is the delivery's and the same at every try; the signature is over id, time and body, by the
 * secret and, for a day after it was replaced, by the one before. Any answer but 2xx is tried again, as the specification asks, save 410 and a redirect.
 */
export async function sendWebhook(out: WayOut, target: WebhookTarget, message: Message): Promise<Sent> {
  const id = `msg_${message.id}`;
  const at = new Date();
  const body = webhookBody(message);
  const secrets = [
    target.secret,
    ...(target.previous !== null && at.getTime() < target.previous.untilMs ? [target.previous.secret] : []),
  ];
  const posted = await post(out, target.url, {
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
    },
    body,
  });
  if (posted.kind === 'failed') return posted.sent;
  const { status, retryAfterMs } = posted;
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  if (status === 410) return { kind: 'never', why: 'It answered 410: it wants no more.' };
  if (status >= 300 && status < 400) {
    return { kind: 'never', why: 'It answered with a redirect, which is not followed.' };
  }
  const pauses = status === 429 || status === 503 ? ({ pauses: true } as const) : {};
  return { kind: 'again', why: `It answered ${status}.`, retryAfterMs, ...(retryAfterMs === null ? {} : pauses) };
}

function webhookBody(message: Message): string {
  return JSON.stringify({
    type: message.type,
    timestamp: message.createdAt.toISOString(),
    data: {
      kind: message.kind,
      tier: message.tier,
      actionClass: message.facts.actionClass,
      server: message.facts.server,
      title: message.title,
      requestId: message.requestId,
      url: message.url,
    },
  });
}
