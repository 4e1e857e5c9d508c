/** A gateway's proof that it heard "not killed" recently; both times come from one monotonic clock, in milliseconds. */
export type Lease = { readonly sentAtMonoMs: number; readonly nowMonoMs: number; readonly ttlMs?: number };

const DEFAULT_TTL_MS = 1000;

/**
 * Whether the lease still holds. It counts from when the renewal was *sent*: the answer may have been on its way while
 * somebody killed. Refuses at the very deadline, on a clock that went backwards and on anything that is not a number.
 */
export function leaseValid(lease: Lease): boolean {
  const age = lease.nowMonoMs - lease.sentAtMonoMs;
  return age >= 0 && age < (lease.ttlMs ?? DEFAULT_TTL_MS);
}
