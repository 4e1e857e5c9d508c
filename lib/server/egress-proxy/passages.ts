// Server-only. Connections that are open through the proxy: cut by a kill, judged again as long as they live.
import type { Socket } from 'node:net';
import type { ProblemCode } from '#lib/contracts/problems.ts';
import type { Authorised, CallOutcome } from '../calls/attempt.ts';
import { type Door, killableOf } from '../calls/door.ts';
import { isCurrentPrincipal, principalEndsAtMs } from '../calls/resolve-tool.ts';
import type { AttemptBook } from '../egress/record-attempt.ts';
import { createGrantWatch } from './grant-watch.ts';
import { judgeTarget } from './judge-target.ts';
import type { ProxyClient } from './proxy-client.ts';
import type { ProxyPace } from './proxy-parts.ts';
import type { ProxyTarget } from './read-target.ts';

/** One authorised connection, from just before it is dialled until its outcome is recorded. */
export type Passage = {
  readonly call: Authorised;
  /** Aborted when it is cut; the reason is the code. */
  readonly cutSignal: AbortSignal;
  /** The socket to the destination, once there is one: its bytes are the ones that are counted. */
  attach(upstream: Socket): void;
  /** Records how it ended, once; later calls change nothing. True when the record could be written. */
  finish(status: CallOutcome['status'], code?: ProblemCode): Promise<boolean>;
};

export type PassageInput = {
  readonly call: Authorised;
  readonly client: ProxyClient;
  readonly target: ProxyTarget;
  readonly scheme: 'http' | 'https';
  /** On the list, so that it must stay there; people let the others through, once or by a grant that must go on standing. */
  readonly isListed: boolean;
};

export type Passages = {
  open(input: PassageInput): Passage;
  cutAll(): void;
  /** Resolves once none is open, outcomes included. */
  empty(): Promise<void>;
  size(): number;
  close(): void;
};

type Entry = PassageInput & {
  readonly startedAtMs: number;
  cut: (code: ProblemCode) => void;
  bytes: () => { readonly bytesOut: number; readonly bytesIn: number };
};

/**
 * Keeps the open passages.
 *
 * A kill cuts them in the same pass as calls. Beyond that each is judged again several times a second: a token that was
 * revoked or has run out, a server that was disabled, an entry that left the list, a grant that was revoked or is over, a
 * lease that was lost (a kill could not be heard), configuration that cannot be read end it. A tunnel that outlives its
 * permission would be one that nobody can take back.
 */
export function createPassages(door: Door, book: AttemptBook, pace: ProxyPace): Passages {
  const entries = new Set<Entry>();
  const finishing = new Set<Promise<boolean>>();
  const grants = createGrantWatch(door.pool);

  /** Why a connection that people let pass for a while may not go on; null where it may, or needs no grant. */
  const withoutGrant = ({ call, client, target }: Entry, nowMs: number): ProblemCode | null => {
    if (call.grantId === null) return null;
    // Asking was taken back: then what was granted ends, also where its last use is this connection.
    if (judgeTarget(door.snapshot(), client, target, nowMs).kind === 'denied') return 'egress-denied';
    switch (grants.verdictOf(call.grantId)) {
      case 'stands':
        return null;
      case 'ended':
        return 'egress-denied';
      case 'unknown':
        return 'database-unavailable';
    }
  };

  const sweep = () => {
    const snapshot = door.snapshot();
    const nowMs = door.databaseNowMs();
    // What can no longer be read anew may have been taken back meanwhile.
    const isReady = door.isReady();
    grants.look(grantsOf(entries));
    for (const entry of entries) {
      const { bytesOut, bytesIn } = entry.bytes();
      const { principal } = entry.call;
      const stopped = door.refusalNow(entry.call);
      const ungranted = withoutGrant(entry, nowMs);
      if (stopped !== null) entry.cut(stopped.code);
      else if (!isReady) entry.cut('database-unavailable');
      else if (!isCurrentPrincipal(snapshot, principal, nowMs)) entry.cut('token-invalid');
      else if (nowMs >= principalEndsAtMs(snapshot, principal)) entry.cut('token-invalid');
      else if (entry.isListed && judgeTarget(snapshot, entry.client, entry.target, nowMs).kind !== 'listed') {
        entry.cut('egress-denied');
      } else if (ungranted !== null) entry.cut(ungranted);
      else if (performance.now() - entry.startedAtMs > pace.lifetimeMs) entry.cut('connection-limit');
      else if (bytesOut > pace.mostBytes || bytesIn > pace.mostBytes) entry.cut('connection-limit');
    }
  };
  const timer = setInterval(sweep, pace.sweepMs);
  timer.unref();

  return {
    open: (input) => {
      const aborting = new AbortController();
      let upstream: Socket | null = null;
      let finished: Promise<boolean> | null = null;
      const entry: Entry = {
        ...input,
        startedAtMs: performance.now(),
        cut: (code) => aborting.abort(code),
        bytes: () => countOf(upstream),
      };
      const inFlight = { call: killableOf(input.call), cut: () => entry.cut('killed') };
      entries.add(entry);
      door.inFlight.add(inFlight);
      const { identity } = input.client;
      const place = { identity, scheme: input.scheme, host: input.target.host, port: input.target.port };
      return {
        call: input.call,
        cutSignal: aborting.signal,
        attach: (socket) => {
          upstream = socket;
          book.note({ ...place, verdict: 'allowed', reason: null });
        },
        finish: (status, code) => {
          if (finished !== null) return finished;
          const counted = entry.bytes();
          entries.delete(entry);
          door.inFlight.remove(inFlight);
          if (upstream !== null) book.note({ ...place, verdict: 'allowed', reason: null, ...counted, count: 0 });
          else if (code === 'egress-denied') {
            book.note({ ...place, verdict: 'denied', reason: 'The address is not one that may be reached.' });
          }
          finished = door.recordOutcome(input.call, {
            status,
            code,
            latencyMs: performance.now() - entry.startedAtMs,
            bytes: counted.bytesIn,
            detail: counted,
          });
          finishing.add(finished);
          void finished.finally(() => finished !== null && finishing.delete(finished));
          return finished;
        },
      };
    },
    cutAll: () => {
      for (const entry of entries) entry.cut('unknown-outcome');
    },
    empty: async () => {
      while (entries.size > 0) await new Promise((resolve) => setTimeout(resolve, 20));
      await Promise.all(finishing);
    },
    size: () => entries.size,
    close: () => clearInterval(timer),
  };
}

function grantsOf(entries: Iterable<Entry>): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const { call } of entries) if (call.grantId !== null) ids.add(call.grantId);
  return ids;
}

/** What was handed to the network, not what still waits in our memory. */
function countOf(socket: Socket | null): { readonly bytesOut: number; readonly bytesIn: number } {
  if (socket === null) return { bytesOut: 0, bytesIn: 0 };
  return { bytesOut: Math.max(0, socket.bytesWritten - socket.writableLength), bytesIn: socket.bytesRead };
}
