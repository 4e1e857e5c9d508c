import type { BadgeTone } from '#components/ui/badge.tsx';
import type { Grant } from '#lib/contracts/grants.ts';

/** Every state of a grant as a word, its weight, and what it means. */
export const GRANT_WORDS: Readonly<
  Record<Grant['status'], { readonly word: string; readonly tone: BadgeTone; readonly sentence: string }>
> = {
  pending: { word: 'Proposed', tone: 'warning', sentence: 'Waits for votes. Nothing passes under it yet.' },
  active: { word: 'In force', tone: 'good', sentence: 'Calls that fit pass without asking.' },
  denied: { word: 'Denied', tone: 'danger', sentence: 'Denied. Nothing passed under it.' },
  expired: { word: 'Ended', tone: 'plain', sentence: 'Its time is over.' },
  'used-up': { word: 'Used up', tone: 'plain', sentence: 'Every use was taken.' },
  revoked: { word: 'Revoked', tone: 'danger', sentence: 'Taken back.' },
  killed: { word: 'Stopped', tone: 'danger', sentence: 'Ended by the kill switch. It does not come back.' },
  void: {
    word: 'Void',
    tone: 'warning',
    sentence: 'The tool, its server or the policy changed: it covers nothing any more.',
  },
};
