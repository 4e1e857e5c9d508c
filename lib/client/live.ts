'use client';

import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import type { Live } from './live-hints.ts';

/** How long to wait when the line's code could not be had. */
const RETRY_MS = 10_000;
const UNKNOWN: Live = { state: 'polling', staleSince: null };
const listeners = new Set<() => void>();
let current: Live = UNKNOWN;

function publish(next: Live): void {
  if (next.state === current.state && next.staleSince === current.staleSince) return;
  current = next;
  for (const call of listeners) call();
}

/**
 * Opens the page's one connection to `/live` (live-line.ts) and keeps the query cache fresh by its hints. Its code comes
 * after the page: what is read first needs none of it. While it cannot be had nothing keeps the page fresh, so the page
 * says that it is stale. Returns the function that closes the line.
 */
export function connectLive(client: QueryClient): () => void {
  const since = Date.now();
  let close: (() => void) | undefined;
  let closed = false;
  let retry: ReturnType<typeof setTimeout>;
  const open = () => {
    import('./live-line.ts').then(
      ({ openLine }) => {
        if (!closed) close = openLine(client, publish);
      },
      () => {
        if (closed) return;
        publish({ state: 'stale', staleSince: since });
        retry = setTimeout(open, RETRY_MS);
      },
    );
  };
  // Not at once: React mounts twice in development, and a connection closed while opening logs a warning.
  retry = setTimeout(open, 0);
  return () => {
    closed = true;
    clearTimeout(retry);
    close?.();
    publish(UNKNOWN);
  };
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The state of the line: `live` by socket, `polling` every 3 s, or `stale` since a time (milliseconds). */
export function useLive(): Live {
  return useSyncExternalStore(
    subscribe,
    () => current,
    () => UNKNOWN,
  );
}
