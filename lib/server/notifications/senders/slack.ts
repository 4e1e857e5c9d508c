// Server-only. To a Slack channel, by an incoming webhook or as a bot.
import { factLines, type Message, type Sent } from '../message.ts';
import type { WayOut } from '../way-out.ts';
import { meaningOf, type Posted, post } from './post.ts';

export type SlackPlace =
  | { readonly via: 'webhook'; readonly url: string }
  | { readonly via: 'bot'; readonly api: string; readonly token: string; readonly channel: string };

/** What a bot is told when the fault is the set-up's: trying again changes nothing. */
const FOR_GOOD =
  /^(?:invalid_auth|account_inactive|token_revoked|not_authed|channel_not_found|not_in_channel|is_archived|missing_scope|no_permission|invalid_blocks|msg_too_long)$/;

/** Sends one message. Slack asks for pauses by 429 and Retry-After, for the whole channel. */
export async function sendSlack(out: WayOut, place: SlackPlace, message: Message): Promise<Sent> {
  const blocks = slackBlocks(message);
  const common = { text: 'Countersign', blocks, unfurl_links: false, unfurl_media: false };
  const posted =
    place.via === 'webhook'
      ? await post(out, place.url, { headers: JSON_HEADERS, body: JSON.stringify(common) })
      : await post(out, `${place.api}/api/chat.postMessage`, {
          headers: { ...JSON_HEADERS, authorization: `Bearer ${place.token}` },
          body: JSON.stringify({ ...common, channel: place.channel, mrkdwn: false, parse: 'none' }),
        });
  if (posted.kind === 'failed') return posted.sent;
  if (posted.status === 429) {
    return { kind: 'again', why: 'Slack asks us to wait.', retryAfterMs: posted.retryAfterMs, pauses: true };
  }
  if (posted.status < 200 || posted.status >= 300) return meaningOf(posted);
  return place.via === 'webhook' ? { kind: 'delivered' } : answered(posted);
}

const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' };

/** Plain text throughout: Slack formats, mentions and unfurls nothing in it. The button only opens the console. */
function slackBlocks(message: Message): readonly unknown[] {
  const plain = (text: string) => ({ type: 'plain_text', text, emoji: false });
  const lines = factLines(message);
  const action = {
    type: 'button',
    action_id: 'open',
    text: plain('Open in Countersign'),
    url: message.url,
    ...(message.requestId === null ? {} : { value: message.requestId }),
  };
  return [
    { type: 'section', text: plain(message.title) },
    ...(lines.length === 0 ? [] : [{ type: 'context', elements: [plain(lines.join('   '))] }]),
    { type: 'actions', elements: [action] },
  ];
}

/** The API says in the body whether it worked. */
function answered(posted: Extract<Posted, { kind: 'answered' }>): Sent {
  const { ok, error } = readAnswer(posted.text);
  if (ok) return { kind: 'delivered' };
  if (error !== null && FOR_GOOD.test(error)) return { kind: 'never', why: `Slack refused it: ${error}.` };
  return { kind: 'again', why: 'Slack did not take it.', retryAfterMs: posted.retryAfterMs };
}

function readAnswer(text: string): { readonly ok: boolean; readonly error: string | null } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return { ok: false, error: null };
    const error = 'error' in value && typeof value.error === 'string' ? value.error : null;
    return { ok: 'ok' in value && value.ok === true, error };
  } catch {
    return { ok: false, error: null };
  }
}
