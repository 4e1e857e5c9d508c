import type { Tier } from '../risk/types.ts';
import type { NoticeKind, PersonalChannel } from './kinds.ts';
import { type QuietHours, quietUntil } from './quiet-hours.ts';

export type Chosen = { readonly [C in PersonalChannel]: { readonly [K in NoticeKind]: boolean } };
export type Preferences = {
  readonly chosen: Chosen;
  readonly quietHours: QuietHours | null;
  readonly highBreaksThrough: boolean;
};

/** Of whoever has not chosen: the browser is told of what waits, the mailbox only of what matters most. */
export const DEFAULT_PREFERENCES: Preferences = {
  chosen: {
    'web-push': {
      'approval-high': true,
      'approval-medium': true,
      'approval-low': false,
      escalation: true,
      expiry: true,
      kill: true,
      security: true,
    },
    email: {
      'approval-high': true,
      'approval-medium': false,
      'approval-low': false,
      escalation: true,
      expiry: false,
      kill: true,
      security: true,
    },
  },
  quietHours: null,
  highBreaksThrough: true,
};

/**
 * The personal channels on which somebody is told, of those there are. Whoever is on call is told somewhere: if they chose
 * none of the channels for this kind, then on all there are.
 */
export function channelsFor(
  preferences: Preferences,
  told: { readonly kind: NoticeKind; readonly onCall: boolean; readonly available: readonly PersonalChannel[] },
): readonly PersonalChannel[] {
  const wanted = told.available.filter((channel) => preferences.chosen[channel][told.kind]);
  return wanted.length === 0 && told.onCall ? told.available : wanted;
}

/**
 * Until when quiet hours hold something back; null: it may go now. On call there are none. High-tier approvals come through
 * for whoever said so; a stop by the kill switch and security news wait like the rest, for the morning's reader.
 */
export function heldUntil(
  preferences: Preferences,
  told: { readonly kind: NoticeKind; readonly tier: Tier | null; readonly onCall: boolean },
  nowMs: number,
): number | null {
  if (told.onCall) return null;
  const isCall = told.kind !== 'kill' && told.kind !== 'security';
  if (isCall && told.tier === 'high' && preferences.highBreaksThrough) return null;
  return quietUntil(preferences.quietHours, nowMs);
}
