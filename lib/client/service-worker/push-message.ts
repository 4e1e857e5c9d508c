// What a push says, as the notification shows it. The payload came through a push service: it is data, and where a click
// leads is built from the request's id alone, never from an address in it.
import { TIERS, type Tier } from '#lib/core/risk/types.ts';

type PushNotice = {
  readonly title: string;
  readonly body: string;
  /** One notification a request: a newer one takes its place. */
  readonly tag: string;
  /** The request that a click opens; null for news, which has no tier and whose id is the message's own. */
  readonly requestId: string | null;
  readonly urgent: boolean;
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const LONGEST_TITLE = 120;
const TIER_WORDS: Readonly<Record<Tier, string>> = {
  high: 'High tier. Open to decide.',
  medium: 'Medium tier. Open to decide.',
  low: 'Low tier. Open to decide.',
};
/** Controls, bidi overrides, zero-width and tag characters: a system's notification would apply them. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu;

/**
 * The notification of a payload `{id, tier, title}`. One that cannot be read is shown all the same, without detail: a push
 * that shows nothing makes the browser take the permission away.
 */
export function noticeOf(payload: string | null): PushNotice {
  const value = parse(payload);
  const id = typeof value.id === 'string' && UUID.test(value.id) ? value.id : null;
  const tier = TIERS.find((known) => known === value.tier) ?? null;
  const text = typeof value.title === 'string' ? value.title.replace(UNSEEN, '').trim().slice(0, LONGEST_TITLE) : '';
  return {
    title: text === '' ? 'Countersign' : text,
    body: tier !== null && id !== null ? TIER_WORDS[tier] : 'Open the console to see.',
    tag: id ?? 'countersign',
    requestId: tier === null ? null : id,
    urgent: tier === 'high',
  };
}

/** Where a click on the notification of a request leads, on our own origin. */
export function pathOf(id: unknown): string {
  return typeof id === 'string' && UUID.test(id) ? `/approvals/${id}` : '/approvals';
}

function parse(payload: string | null): { readonly id?: unknown; readonly tier?: unknown; readonly title?: unknown } {
  try {
    const value: unknown = JSON.parse(payload ?? '');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
