'use client';

import { type RefObject, useEffect, useRef } from 'react';
import type { InboxItem } from './arrange-inbox.ts';

const SETTLED_MS = 500;

/** Whether a line has stood where it is for half a second. */
export type Settled = (id: string) => boolean;

/**
 * Remembers since when each line stands in its place. A line that came, or slid, under the finger half a second ago was
 * not what the finger meant (T36, ASVS 2.4.2). Those of the first answer count as settled.
 */
export function useSettled(items: readonly InboxItem[]): Settled {
  const places = useRef(new Map<string, { readonly at: number; readonly sinceMs: number }>());
  useEffect(() => {
    const before = places.current;
    const nowMs = before.size === 0 ? 0 : performance.now();
    const now: typeof before = new Map();
    items.forEach((item, at) => {
      const known = before.get(item.id);
      now.set(item.id, known !== undefined && known.at === at ? known : { at, sinceMs: nowMs });
    });
    if (now.size > 0) places.current = now;
  }, [items]);
  return useRef(judge(places)).current;
}

function judge(places: RefObject<Map<string, { readonly sinceMs: number }>>): Settled {
  return (id) => performance.now() - (places.current.get(id)?.sinceMs ?? 0) >= SETTLED_MS;
}
