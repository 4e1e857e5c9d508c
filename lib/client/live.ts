'use client';

import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import type { Live } from './live-hints.ts';

/** Without the line's code for so long, nothing has kept the page fresh; also how long to wait before asking again. */
const NO_CODE_MS = 10_000;
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
  const sayStale = () => publish({ state: 'stale', staleSince: since });
  let close: (() => void) | undefined;
  let closed = false;
  let retry: ReturnType<typeof setTimeout>;
  // A download that neither comes nor fails must not pass for a line that is watched.
  const late = setTimeout(sayStale, NO_CODE_MS);
  const open = () => {
    import('./live-line.ts').then(
      ({ openLine }) => {
        clearTimeout(late);
        if (!closed) close = openLine(client, publish);
      },
      () => {
        if (closed) return;
        sayStale();
        retry = setTimeout(open, NO_CODE_MS);
      },
    );
  };
  // Not at once: React mounts twice in development, and a connection closed while opening logs a warning.
  retry = setTimeout(open, 0);
  return () => {
    closed = true;
    clearTimeout(late);
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
