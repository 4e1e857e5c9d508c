import type { ApprovalState } from '#lib/core/approvals/states.ts';

type Look = {
  readonly word: string;
  readonly tone: 'plain' | 'accent' | 'danger' | 'warning' | 'good';
  readonly sentence: string;
};

/** What the arguments are by now: about to be sent, sent, or never sent. */
export function argsWords(status: ApprovalState): { readonly title: string; readonly note: string } {
  switch (status) {
    case 'pending':
    case 'approved':
      return { title: 'Exactly what will run', note: 'These bytes and no others are sent.' };
    case 'consumed':
    case 'succeeded':
    case 'failed':
    case 'unknown-outcome':
      return { title: 'Exactly what ran', note: 'These bytes and no others were sent.' };
    case 'denied':
    case 'expired':
    case 'withdrawn':
    case 'superseded':
    case 'killed':
    case 'revoked':
    case 'expired-unused':
      return { title: 'What was asked', note: 'Nothing was sent.' };
  }
}

/** Every state as a word, its weight, and what it means for the call. */
export const STATUS_WORDS: Readonly<Record<ApprovalState, Look>> = {
  pending: {
    word: 'Waiting',
    tone: 'accent',
    sentence: 'The call waits. It runs only if enough people approve in time.',
  },
  approved: { word: 'Approved', tone: 'good', sentence: 'Approved. It runs once, when the agent takes it up.' },
  denied: { word: 'Denied', tone: 'danger', sentence: 'Denied. The call did not run.' },
  expired: {
    word: 'Expired',
    tone: 'warning',
    sentence: 'Nobody decided in time, so it counts as denied. The call did not run.',
  },
  withdrawn: { word: 'Withdrawn', tone: 'plain', sentence: 'The agent took the request back. The call did not run.' },
  superseded: {
    word: 'Superseded',
    tone: 'plain',
    sentence: 'Another request took its place, or the tool changed while this waited. The call did not run.',
  },
  killed: { word: 'Stopped', tone: 'danger', sentence: 'Voided by the kill switch. The call did not run.' },
  consumed: { word: 'Running', tone: 'accent', sentence: 'Approved and taken up: the call is running now.' },
  revoked: { word: 'Revoked', tone: 'danger', sentence: 'The approval was taken back. The call did not run.' },
  'expired-unused': {
    word: 'Not used',
    tone: 'warning',
    sentence: 'Approved, but the agent did not come back in time. The call did not run.',
  },
  succeeded: { word: 'Ran', tone: 'good', sentence: 'Approved, and the call ran: the server reported success.' },
  failed: { word: 'Failed', tone: 'warning', sentence: 'Approved, and the call ran: the server reported an error.' },
  'unknown-outcome': {
    word: 'Outcome unknown',
    tone: 'warning',
    sentence:
      'The call was sent, but no outcome came back. It may have had effects: check before anything is repeated.',
  },
};
