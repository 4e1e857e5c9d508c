// Server-only. Step 3: the kill switch and the lease.
import { isKilled, type KillableCall, type KillScope } from '#lib/core/kill-switch/scopes.ts';
import type { StepRefusal } from './attempt.ts';

/** What this process knows of the kill switch at this moment. */
export type SwitchView = {
  /** Whether the primary was heard within the lease's second. */
  isValid(): boolean;
  /** Active scopes, from the database and from the KILL file. */
  scopes(): readonly KillScope[];
  epoch(): bigint;
};

/** Refuses a call that an active scope covers, and every call while nothing was heard from the primary. */
export function checkSwitch(view: SwitchView, call: KillableCall): StepRefusal | null {
  const scopes = view.scopes();
  if (scopes.length > 0 && isKilled(scopes, call) !== null) return { code: 'killed' };
  return view.isValid() ? null : { code: 'database-unavailable', detail: 'The kill switch could not be asked.' };
}
