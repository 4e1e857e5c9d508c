import { err, ok, type Result } from '../result.ts';
import { closedBy, type IncidentKind } from './kinds.ts';
import type { IncidentState } from './states.ts';

/** What a move is decided from. */
export type Standing = {
  readonly kind: IncidentKind;
  readonly drill: boolean;
  readonly state: IncidentState;
  /** Who has it: a person's id, or null for the operator at the host. */
  readonly acknowledgedBy: string | null;
};

export type MoveRefusal = 'over' | 'taken' | 'not-taken' | 'needs-evidence';

/**
 * Taking an incident: one person has it, so that nobody thinks another does. Taking what one has already changes nothing;
 * taking it from somebody else must be said (`takeOver`), because they may be at work on it.
 */
export function take(
  standing: Standing,
  by: string | null,
  takeOver: boolean,
): Result<{ readonly changes: boolean }, MoveRefusal> {
  if (standing.state === 'resolved') return err('over');
  if (standing.state === 'open') return ok({ changes: true });
  if (standing.acknowledgedBy === by) return ok({ changes: false });
  return takeOver ? ok({ changes: true }) : err('taken');
}

/**
 * Resolving: by whoever has it, so that an incident ends in the hands of somebody who looked at it. What only evidence
 * ends is refused to everybody.
 */
export function resolve(standing: Standing, by: string | null): Result<true, MoveRefusal> {
  if (standing.state === 'resolved') return err('over');
  if (closedBy(standing.kind, standing.drill) === 'evidence') return err('needs-evidence');
  if (standing.state === 'open' || standing.acknowledgedBy !== by) return err('not-taken');
  return ok(true);
}

/** Working on it: notes and steps, by anybody who may act, as long as it is not over. */
export function workOn(standing: Standing): Result<true, MoveRefusal> {
  return standing.state === 'resolved' ? err('over') : ok(true);
}
