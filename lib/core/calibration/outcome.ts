import type { ApprovalState } from '../approvals/states.ts';

export type PlantOutcome = 'caught' | 'missed' | 'expired' | 'void';

/**
 * What became of a plant, by the state of its request; null while it is still open. An approval counts only once the undo
 * window is over: a colleague's veto in it is a catch. What a kill, a newer request or an agent's end took away tells
 * nothing about anybody.
 */
export function outcomeOf(state: ApprovalState, undoIsOver: boolean): PlantOutcome | null {
  switch (state) {
    case 'pending':
      return null;
    case 'approved':
      return undoIsOver ? 'missed' : null;
    case 'denied':
      return 'caught';
    case 'expired':
      return 'expired';
    case 'expired-unused':
    case 'consumed':
    case 'succeeded':
    case 'failed':
    case 'unknown-outcome':
      return 'missed';
    case 'withdrawn':
    case 'superseded':
    case 'killed':
    case 'revoked':
      return 'void';
  }
}
