'use client';

import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { io, type Socket } from 'socket.io-client';
import { hintSchema } from '#lib/contracts/live.ts';
import { BEAT_MS, createVersionGuard, judgeLine, keysOf, LIVE_KEYS, type LiveState, pauseOf } from './live-hints.ts';
import { createRefresher } from './refresh-keys.ts';

export type Live = { readonly state: LiveState; readonly staleSince: number | null };

/** How long to wait after a refused handshake. */
const REFUSED_RETRY_MS = 10_000;
const UNKNOWN: Live = { state: 'polling', staleSince: null };
const listeners = new Set<() => void>();
let current: Live = UNKNOWN;

function publish(next: Live): void {
  if (next.state === current.state && next.staleSince === current.staleSince) return;
  current = next;
  for (const call of listeners) call();
}

/**
 * Opens the page's one connection to `/live` and keeps the query cache fresh by its hints. Sockets hint, HTTP tells:
 * nothing from a hint is ever shown. Returns the function that closes it.
 */
export function connectLive(client: QueryClient): () => void {
  const guard = createVersionGuard();
  const refresher = createRefresher((queryKey) => client.invalidateQueries({ queryKey: [...queryKey] }));
  const refetchAll = () => {
    for (const queryKey of LIVE_KEYS) void client.invalidateQueries({ queryKey: [...queryKey] });
  };
  let lastBeatMs = 0;
  let lastBeatVersion: number | null = null;
  let lastAnswerMs = Date.now();

  const socket: Socket = io('/live', {
    path: '/socket.io',
    transports: ['websocket', 'polling'],
    autoConnect: false,
    reconnectionDelayMax: 5000,
  });
  const judge = () => publish(judgeLine({ nowMs: Date.now(), connected: socket.connected, lastBeatMs, lastAnswerMs }));

  const stopListening = client.getQueryCache().subscribe((event) => {
    if (event.type === 'updated' && event.action.type === 'success' && event.action.manual !== true) {
      lastAnswerMs = Date.now();
      judge();
    }
  });
  // Not at once: React mounts twice in development, and a connection closed while opening logs a warning.
  let retry = setTimeout(() => socket.connect(), 0);
  socket.on('connect', () => {
    // Whatever happened while the line was down was hinted to nobody.
    guard.reset();
    lastBeatMs = Date.now();
    lastBeatVersion = null;
    refetchAll();
    judge();
  });
  socket.on('disconnect', (reason) => {
    judge();
    // The server hung up (session over, role changed): Socket.IO leaves the return to us.
    if (reason === 'io server disconnect') {
      refetchAll();
      retry = setTimeout(() => socket.connect(), BEAT_MS);
    }
  });
  socket.on('connect_error', () => {
    // Refused at the handshake (no session): Socket.IO gives up, we ask again, slowly. Signing in may happen elsewhere.
    if (!socket.active) retry = setTimeout(() => socket.connect(), REFUSED_RETRY_MS);
  });
  socket.on('hint', (raw: unknown) => {
    const parsed = hintSchema.safeParse(raw);
    if (!parsed.success) return;
    const hint = parsed.data;
    if (hint.topic === 'beat') {
      // A number left out: the server skipped or this tab slept; hints may be lost with it.
      if (lastBeatVersion !== null && hint.version !== lastBeatVersion + 1) refetchAll();
      lastBeatVersion = hint.version;
      lastBeatMs = Date.now();
      judge();
      return;
    }
    if (guard.isNew(hint)) for (const key of keysOf(hint)) refresher.fire(key, pauseOf(hint.topic));
  });

  const net = setInterval(() => {
    judge();
    if (current.state !== 'live') refetchAll();
  }, BEAT_MS);
  const wake = () => {
    if (document.visibilityState !== 'visible') return;
    judge();
    if (current.state !== 'live') refetchAll();
  };
  document.addEventListener('visibilitychange', wake);
  window.addEventListener('online', wake);

  return () => {
    document.removeEventListener('visibilitychange', wake);
    window.removeEventListener('online', wake);
    clearInterval(net);
    clearTimeout(retry);
    refresher.stop();
    stopListening();
    socket.removeAllListeners();
    socket.disconnect();
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
