// Server-only. To somebody's browsers: encrypted for each of them (RFC 8291), signed with our key (RFC 8292), by our way out.
import webPush from 'web-push';
import type { Message, Sent } from '../message.ts';
import type { SubscriptionSecret } from '../subscriptions.ts';
import type { WayOut } from '../way-out.ts';
import { meaningOf, post } from './post.ts';

export type Browser = { readonly id: string; readonly secret: SubscriptionSecret };
export type PushKeys = { readonly contact: string; readonly publicKey: string; readonly privateKey: string };

/** What became of each browser: told, gone for good, or why not. */
export type PushOutcome = {
  readonly sent: Sent;
  readonly gone: readonly string[];
  readonly failed: readonly { readonly id: string; readonly why: string }[];
};

const LONGEST_TTL_S = 24 * 3600;
const SHORTEST_TTL_S = 30;

/**
 * Tells every browser that has not been told yet. One that its push service does not know any more (404, 410) is to be
 * removed. Delivered means that at least one has it and none can still get it later.
 */
export async function sendWebPush(
  out: WayOut,
  keys: PushKeys,
  message: Message,
  browsers: readonly Browser[],
): Promise<PushOutcome> {
  const payload = pushPayload(message);
  const told: string[] = [];
  const gone: string[] = [];
  const failed: { id: string; why: string }[] = [];
  let later: Later | null = null;
  // Side by side: a push service that does not answer must not keep the others' turn.
  const posts = await Promise.all(
    browsers.map(async ({ id, secret }) => ({ id, posted: await sendOne(out, keys, { message, payload, secret }) })),
  );
  for (const { id, posted } of posts) {
    if (posted.kind === 'delivered') told.push(id);
    else if (posted.kind === 'gone') gone.push(id);
    else failed.push({ id, why: posted.why });
    if (posted.kind === 'again') later = laterOf(later, posted);
  }
  if (later !== null) return { sent: { ...later, sentTo: told }, gone, failed };
  if (told.length > 0) return { sent: { kind: 'delivered', sentTo: told }, gone, failed };
  const [first] = failed;
  if (first !== undefined) return { sent: { kind: 'never', why: first.why }, gone, failed };
  return { sent: { kind: 'gone', why: 'No browser is left to tell.' }, gone, failed };
}

type Later = Extract<Sent, { kind: 'again' }>;

/** The next try is for all of them: it waits as long as the one that asked for most. */
function laterOf(known: Later | null, one: Later): Later {
  return known === null || (one.retryAfterMs ?? 0) > (known.retryAfterMs ?? 0) ? one : known;
}

/** Four members and no more: what a lock screen shows is read by whoever holds the phone. */
export function pushPayload(message: Message): string {
  return JSON.stringify({
    id: message.requestId ?? message.id,
    tier: message.tier,
    title: message.title,
    url: message.url,
  });
}

async function sendOne(
  out: WayOut,
  { contact, publicKey, privateKey }: PushKeys,
  { message, payload, secret }: { message: Message; payload: string; secret: SubscriptionSecret },
): Promise<Sent> {
  const { endpoint, p256dh, auth } = secret;
  const details = webPush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, payload, {
    vapidDetails: { subject: contact, publicKey, privateKey },
    TTL: ttlOf(message),
    urgency: message.tier === 'high' || message.tier === null ? 'high' : 'normal',
    contentEncoding: 'aes128gcm',
  });
  const headers: Record<string, string> = {};
  // The length is the client's to say.
  for (const [name, value] of Object.entries(details.headers)) {
    if (name.toLowerCase() !== 'content-length') headers[name] = String(value);
  }
  const posted = await post(out, endpoint, { headers, body: details.body });
  if (posted.kind === 'failed') return posted.sent;
  if (posted.status >= 200 && posted.status < 300) return { kind: 'delivered' };
  if (posted.status === 404 || posted.status === 410) return { kind: 'gone', why: 'The browser has unsubscribed.' };
  return meaningOf(posted);
}

function ttlOf({ uselessAfter }: Message): number {
  if (uselessAfter === null) return LONGEST_TTL_S;
  const left = Math.floor((uselessAfter.getTime() - Date.now()) / 1000);
  return Math.min(Math.max(left, SHORTEST_TTL_S), LONGEST_TTL_S);
}
