'use client';

import { useSyncExternalStore } from 'react';
import { serverNow } from './time.ts';

const STEP_MS = 1000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = 0;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = serverNow();
    for (const call of listeners) call();
  }, STEP_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
      now = 0;
    }
  };
}

function read(): number {
  if (now === 0) now = serverNow();
  return now;
}

/** The server's time, renewed each second by one shared timer: all countdowns of a page tick together. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, read, () => 0);
}
