'use client';

import { useEffect, useMemo, useState } from 'react';
import { hashInTurns } from '#lib/client/hash-in-turns.ts';
import { argsHash } from '#lib/core/calls/digest.ts';

/** Shorter arguments are hashed while the page is drawn: nobody sees the difference, and nothing appears late. */
const AT_ONCE_UNITS = 32 * 1024;

/**
 * The hash of the shown arguments, computed here; null while long ones are still being hashed, which begins after they are
 * on the screen. It is kept with the very text it is of, so that it never speaks for another.
 */
export function useArgsHash(text: string): string | null {
  const isShort = text.length <= AT_ONCE_UNITS;
  const atOnce = useMemo(() => (isShort ? argsHash(text) : null), [text, isShort]);
  const [late, setLate] = useState<{ readonly text: string; readonly hash: string } | null>(null);
  useEffect(() => {
    if (isShort) return;
    const stop = new AbortController();
    const frame = requestAnimationFrame(() => {
      hashInTurns(text, stop.signal).then(
        (hash) => setLate({ text, hash }),
        () => undefined,
      );
    });
    return () => {
      cancelAnimationFrame(frame);
      stop.abort();
    };
  }, [text, isShort]);
  return atOnce ?? (late?.text === text ? late.hash : null);
}
