import type { Tier } from '../risk/types.ts';

/** At most `most` messages in any `perMs`. */
export type RateCap = { readonly most: number; readonly perMs: number };

/** `tier` is null for news: of a stop, or of security. */
export type Waiting = { readonly id: string; readonly tier: Tier | null; readonly createdAtMs: number };

export type SendPlan =
  /** Nothing may go before this instant. */
  | { readonly kind: 'hold'; readonly untilMs: number }
  /** `leader` goes now; when it stands for others, those are told by it. */
  | { readonly kind: 'send'; readonly leader: string; readonly collapsed: readonly string[] };

const WEIGHT: { readonly [T in Tier]: number } = { low: 1, medium: 2, high: 3 };
const NEWS_WEIGHT = 4;

/** One to a person in half a minute: more would only teach to swipe them away. */
export const PUSH_CAP: RateCap = { most: 1, perMs: 30_000 };
/** A chat room reads along; past this it gets a count. */
export const CHAT_CAP: RateCap = { most: 20, perMs: 60_000 };

/**
 * What of the messages that wait for one person (or room) goes now, given when the last ones went.
 *
 * With room under the cap for all of them one goes, and the others follow in their own turn. Otherwise, as soon as there is
 * room for one, it stands for everything that waits: the riskiest and of those the oldest leads, so that a flood of harmless
 * requests never hides a dangerous one. News goes before every request and stands only for itself: whoever can open requests
 * could otherwise bury in "50 more wait" that something was stopped. Answers null when nothing waits.
 */
export function planSend(
  waiting: readonly Waiting[],
  sentAtMs: readonly number[],
  cap: RateCap,
  nowMs: number,
): SendPlan | null {
  const [leader, ...others] = waiting.toSorted(
    (a, b) => weight(b) - weight(a) || a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1),
  );
  if (leader === undefined) return null;
  const recent = sentAtMs.filter((at) => nowMs - at < cap.perMs).sort((a, b) => a - b);
  const room = cap.most - recent.length;
  if (room <= 0) {
    const freeing = recent[recent.length - cap.most] ?? nowMs;
    return { kind: 'hold', untilMs: freeing + cap.perMs };
  }
  const collapses = others.length >= room;
  const counted = others.filter((one) => one.tier !== null);
  return { kind: 'send', leader: leader.id, collapsed: collapses ? counted.map((one) => one.id) : [] };
}

function weight(one: Waiting): number {
  return one.tier === null ? NEWS_WEIGHT : WEIGHT[one.tier];
}
