'use client';

import { useEffect, useSyncExternalStore } from 'react';
import { atRest } from '#lib/client/at-rest.ts';

/** After a download that failed. */
const RETRY_MS = 3000;

type Arriving<T> = {
  readonly fetch: () => void;
  readonly now: () => T | null;
  readonly listen: (call: () => void) => () => void;
};

/**
 * Code that comes after the page itself: what is read first is not kept waiting by it. It is fetched `at-once` when the
 * server is being asked for what it will draw, or `at-rest` when it draws what somebody may open, and again for as long
 * as it does not come. Not `lazy`: React holds back what it had to replace by a stand-in for up to 0.3 s, also where it
 * came at once, and never asks again.
 */
export function arriving<T>(load: () => Promise<T>, when: 'at-once' | 'at-rest'): Arriving<T> {
  const listeners = new Set<() => void>();
  let here: T | null = null;
  let asked = false;
  const ask = () => {
    load().then(
      (loaded) => {
        here = loaded;
        for (const call of listeners) call();
      },
      () => setTimeout(ask, RETRY_MS),
    );
  };
  const fetch = () => {
    if (asked) return;
    asked = true;
    ask();
  };
  if (when === 'at-rest') atRest(fetch);
  else if (typeof window !== 'undefined') fetch();
  return {
    fetch,
    now: () => here,
    listen: (call) => {
      listeners.add(call);
      return () => listeners.delete(call);
    },
  };
}

/**
 * The code once it is here; null before, on the server and while the server's page is taken over. `wanted`: somebody
 * opened what it draws, so it is fetched now; what they did meanwhile is in the state of the component that asks.
 */
export function useArrived<T>({ fetch, now, listen }: Arriving<T>, wanted = false): T | null {
  useEffect(() => {
    if (wanted) fetch();
  }, [wanted, fetch]);
  return useSyncExternalStore(listen, now, () => null);
}
