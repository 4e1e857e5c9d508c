'use client';

import { useEffect, useRef } from 'react';
import { useInbox } from '#components/shell/pending.ts';
import { judgeChime } from '#lib/client/chime.ts';
import { lastSoundMs, noteSound } from '#lib/client/kept-sound.ts';
import { playTone } from '#lib/client/play-tone.ts';
import { serverNow } from '#lib/client/time.ts';

/** Makes a sound when a request comes in, on whichever page one is. Draws nothing. */
export function Chime() {
  const { query, rows } = useInbox('pending');
  const known = useRef<ReadonlySet<string> | null>(null);
  const isListed = query.data !== undefined;
  useEffect(() => {
    if (!isListed) return;
    const nowMs = serverNow();
    const judged = judgeChime(known.current, rows, { nowMs, lastMs: lastSoundMs() });
    known.current = judged.known;
    if (judged.tone === null) return;
    noteSound(nowMs);
    void playTone(judged.tone);
  }, [isListed, rows]);
  return null;
}
