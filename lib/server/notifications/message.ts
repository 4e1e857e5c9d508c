// Server-only. What is handed to a channel: made of a delivery's row alone, which never held anything that a call says.
import type { NoticeFacts } from '#lib/core/notifications/notice.ts';
import type { Tier } from '#lib/core/risk/types.ts';

export type Message = {
  /** The delivery's: the same at every try, so that a receiver can tell a repetition. */
  readonly id: string;
  readonly type: string;
  readonly kind: string;
  readonly tier: Tier | null;
  readonly title: string;
  readonly facts: NoticeFacts;
  readonly requestId: string | null;
  /** Into the console; whoever follows it is signed in or signs in first. */
  readonly url: string;
  readonly createdAt: Date;
  /** After this it is of no use; null: it stays news. */
  readonly uselessAfter: Date | null;
};

/** How a try ended. Every sentence is ours: what the other side said may hold anything, and is not kept. */
export type Sent =
  | { readonly kind: 'delivered'; readonly sentTo?: readonly string[] }
  /** It may work later. */
  | {
      readonly kind: 'again';
      readonly why: string;
      readonly retryAfterMs: number | null;
      readonly sentTo?: readonly string[];
      /** The whole channel was asked to wait. */
      readonly pauses?: true;
    }
  /** It will not work by itself. */
  | { readonly kind: 'never'; readonly why: string }
  /** There is nobody left to tell. */
  | { readonly kind: 'gone'; readonly why: string };

/** The lines that a person reads below the title. */
export function factLines(message: Message): readonly string[] {
  const { tier, facts } = message;
  return [
    ...(tier === null ? [] : [`Tier: ${tier}`]),
    ...(facts.actionClass === null ? [] : [`Action class: ${facts.actionClass}`]),
    ...(facts.server === null ? [] : [`Server: ${facts.server}`]),
  ];
}
