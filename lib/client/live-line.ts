import type { QueryClient } from '@tanstack/react-query';
import type { Socket } from 'socket.io-client';
import { hintSchema } from '#lib/contracts/live.ts';
import { BEAT_MS, createVersionGuard, judgeLine, keysOf, LIVE_KEYS, type Live, pauseOf } from './live-hints.ts';
import { feedRequests } from './live-requests.ts';
import { createRefresher } from './refresh-keys.ts';

/** How long to wait after a refused handshake. */
const REFUSED_RETRY_MS = 10_000;

/** The socket's own code comes last: while it is not there, polls keep the page fresh. */
async function loadSocket(): Promise<Socket> {
  const { io } = await import('socket.io-client');
  return io('/live', {
    path: '/socket.io',
    transports: ['websocket', 'polling'],
    autoConnect: false,
    reconnectionDelayMax: 5000,
  });
}

/**
 * Opens the connection to `/live` and keeps the query cache fresh by its hints. Sockets hint, HTTP tells: nothing from a
 * hint is ever shown. Says at each change how the line is; returns the function that closes it.
 */
export function openLine(client: QueryClient, say: (live: Live) => void): () => void {
  const guard = createVersionGuard();
  const refresher = createRefresher((queryKey) => client.invalidateQueries({ queryKey: [...queryKey] }));
  const requests = feedRequests(client);
  const refetchAll = () => {
    for (const queryKey of LIVE_KEYS) void client.invalidateQueries({ queryKey: [...queryKey] });
  };
  // A poll lets what is already on its way arrive: begun anew every 3 s, a long list from a slow server never would.
  const poll = () => {
    for (const queryKey of LIVE_KEYS) {
      void client.invalidateQueries({ queryKey: [...queryKey] }, { cancelRefetch: false });
    }
  };
  let socket: Socket | null = null;
  let closed = false;
  let lastBeatMs = 0;
  let lastBeatVersion: number | null = null;
  let lastAnswerMs = Date.now();
  let retry: ReturnType<typeof setTimeout> | undefined;

  const judge = (): Live => {
    const live = judgeLine({ nowMs: Date.now(), connected: socket?.connected === true, lastBeatMs, lastAnswerMs });
    say(live);
    return live;
  };
  const hear = (raw: unknown) => {
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
    if (!guard.isNew(hint)) return;
    for (const key of keysOf(hint)) refresher.fire(key, pauseOf(hint.topic, key));
    if (hint.topic === 'approval' && hint.id !== '*') requests.note(hint.id);
  };
  const listen = (line: Socket) => {
    line.on('connect', () => {
      // Whatever happened while the line was down was hinted to nobody.
      guard.reset();
      lastBeatMs = Date.now();
      lastBeatVersion = null;
      refetchAll();
      judge();
    });
    line.on('disconnect', (reason) => {
      judge();
      // The server hung up (session over, role changed): Socket.IO leaves the return to us.
      if (reason === 'io server disconnect') {
        refetchAll();
        retry = setTimeout(() => line.connect(), BEAT_MS);
      }
    });
    line.on('connect_error', () => {
      // Refused at the handshake (no session): Socket.IO gives up, we ask again, slowly. Signing in may happen elsewhere.
      if (!line.active) retry = setTimeout(() => line.connect(), REFUSED_RETRY_MS);
    });
    line.on('hint', hear);
  };
  const open = () => {
    loadSocket().then(
      (line) => {
        if (closed) return;
        socket = line;
        listen(line);
        line.connect();
      },
      () => {
        // The server is away or was replaced: until its code can be had, the poll below is all there is.
        if (!closed) retry = setTimeout(open, REFUSED_RETRY_MS);
      },
    );
  };
  open();

  const stopListening = client.getQueryCache().subscribe((event) => {
    if (event.type === 'updated' && event.action.type === 'success' && event.action.manual !== true) {
      lastAnswerMs = Date.now();
      judge();
    }
  });
  const net = setInterval(() => {
    if (judge().state !== 'live') poll();
  }, BEAT_MS);
  const wake = () => {
    if (document.visibilityState !== 'visible') return;
    if (judge().state !== 'live') poll();
  };
  document.addEventListener('visibilitychange', wake);
  window.addEventListener('online', wake);

  return () => {
    closed = true;
    document.removeEventListener('visibilitychange', wake);
    window.removeEventListener('online', wake);
    clearInterval(net);
    clearTimeout(retry);
    refresher.stop();
    requests.stop();
    stopListening();
    socket?.removeAllListeners();
    socket?.disconnect();
  };
}
