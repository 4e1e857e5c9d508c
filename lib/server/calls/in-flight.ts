// Server-only. Calls whose bytes have left, or are about to: what a kill must cut.
import { isKilled, type KillableCall, type KillScope } from '#lib/core/kill-switch/scopes.ts';

export type InFlightCall = {
  readonly call: KillableCall;
  /** Cuts the call and withholds its result. Called at most once, synchronously. */
  readonly cut: () => void;
};

export type InFlight = {
  add(entry: InFlightCall): void;
  remove(entry: InFlightCall): void;
  /** Cuts every call that the scopes cover and tells how many there were. */
  cutCovered(scopes: readonly KillScope[]): number;
  size(): number;
};

/** A set of running calls; nothing here waits, so that a kill costs one pass over it. */
export function createInFlight(): InFlight {
  const entries = new Set<InFlightCall>();
  return {
    add: (entry) => entries.add(entry),
    remove: (entry) => entries.delete(entry),
    cutCovered: (scopes) => {
      let cut = 0;
      for (const entry of entries) {
        if (isKilled(scopes, entry.call) === null) continue;
        entries.delete(entry);
        entry.cut();
        cut++;
      }
      return cut;
    },
    size: () => entries.size,
  };
}
