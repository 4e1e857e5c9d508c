// Server-only. Attempts of this process that wait for people.
import type pg from 'pg';
import { isKilled, type KillableCall, type KillScope } from '#lib/core/kill-switch/scopes.ts';
import { HELD_REQUEST_COLUMNS, type HeldRequest, toHeldRequest } from '../approvals/held-request.ts';
import type { Log } from '../log.ts';

const SAFETY_POLL_MS = 1_000;
const READ_SQL = `SELECT ${HELD_REQUEST_COLUMNS} FROM approval_requests r
  WHERE r.id = ANY($1::uuid[]) AND (r.status <> 'pending' OR r.expires_at <= clock_timestamp())`;

/** Why a wait ended: the request left the state it was waited for in, a kill covers it, or the waiter's own time or signal. */
export type WaitEnd =
  | { readonly kind: 'decided'; readonly request: HeldRequest }
  | { readonly kind: 'killed' }
  | { readonly kind: 'time-up' }
  | { readonly kind: 'aborted' };

/** The state in which a request is waited for: `pending` for people, `approved` for the end of its undo window. */
type WaitedState = 'pending' | 'approved';
type Waiter = { readonly call: KillableCall; readonly state: WaitedState; readonly end: (end: WaitEnd) => void };

export type HoldRegistry = {
  /** Waits until the request leaves the state or `untilMs` (performance.now) comes, whichever is first. */
  wait(
    requestId: string,
    call: KillableCall,
    untilMs: number,
    signal: AbortSignal,
    state?: WaitedState,
  ): Promise<WaitEnd>;
  /** A notification named this request. */
  touched(requestId: string): void;
  /** Notifications may have been missed: read every held request. */
  touchAll(): void;
  /** Ends the waits that the scopes cover, without asking the database: it may be down. */
  killCovered(scopes: readonly KillScope[]): number;
  isWaiting(requestId: string): boolean;
  size(): number;
  close(): void;
};

/**
 * Keeps the waiters and reads their requests: at once when notified, each second in any case, many in one query.
 * A failed read changes nothing: nobody runs because the database was away.
 */
export function createHoldRegistry(pool: pg.Pool, log: Log): HoldRegistry {
  const waiters = new Map<string, Set<Waiter>>();
  const touched = new Set<string>();
  let reading = false;
  let size = 0;

  function drop(requestId: string, waiter: Waiter): void {
    const set = waiters.get(requestId);
    if (set?.delete(waiter) !== true) return;
    size--;
    if (set.size === 0) waiters.delete(requestId);
  }

  async function readTouched(): Promise<void> {
    if (reading) return;
    reading = true;
    try {
      while (touched.size > 0) {
        const ids = [...touched].filter((id) => waiters.has(id));
        touched.clear();
        if (ids.length === 0) continue;
        const { rows } = await pool.query({ name: 'read-held', text: READ_SQL, values: [ids] });
        for (const row of rows) {
          const request = toHeldRequest(row);
          // Between the filter and the column the clock moves on, never back.
          if (request.status === 'pending') continue;
          for (const waiter of [...(waiters.get(request.id) ?? [])]) {
            if (request.status !== waiter.state) waiter.end({ kind: 'decided', request });
          }
        }
      }
    } catch (error) {
      log.warn({ err: error }, 'held requests could not be read; trying again');
    } finally {
      reading = false;
    }
  }

  function touchAll(): void {
    for (const id of waiters.keys()) touched.add(id);
    void readTouched();
  }

  const poll = setInterval(touchAll, SAFETY_POLL_MS);
  poll.unref();

  return {
    wait: (requestId, call, untilMs, signal, state = 'pending') =>
      new Promise((resolve) => {
        const waiter: Waiter = {
          call,
          state,
          end: (end) => {
            clearTimeout(timer);
            signal.removeEventListener('abort', onAbort);
            drop(requestId, waiter);
            resolve(end);
          },
        };
        const onAbort = () => waiter.end({ kind: 'aborted' });
        // Node fires a timer longer than 2^31-1 ms at once.
        const leftMs = Math.min(untilMs - performance.now(), 2_147_483_647);
        const timer = setTimeout(() => waiter.end({ kind: 'time-up' }), Math.max(0, leftMs));
        const set = waiters.get(requestId) ?? new Set();
        set.add(waiter);
        waiters.set(requestId, set);
        size++;
        if (signal.aborted) {
          onAbort();
          return;
        }
        signal.addEventListener('abort', onAbort);
        // The decision may have come between opening and waiting.
        touched.add(requestId);
        void readTouched();
      }),
    touched: (requestId) => {
      if (!waiters.has(requestId)) return;
      touched.add(requestId);
      void readTouched();
    },
    touchAll,
    killCovered: (scopes) => {
      let killed = 0;
      for (const set of [...waiters.values()]) {
        for (const waiter of [...set]) {
          if (isKilled(scopes, waiter.call) === null) continue;
          waiter.end({ kind: 'killed' });
          killed++;
        }
      }
      return killed;
    },
    isWaiting: (requestId) => waiters.has(requestId),
    size: () => size,
    close: () => clearInterval(poll),
  };
}
