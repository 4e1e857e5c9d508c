'use client';

import { useEffect, useRef, useState } from 'react';
import { plural } from '#lib/client/format.ts';
import type { ApprovalSummary } from '#lib/contracts/approval-rows.ts';

/** What comes in within a second is said together; a flood is said every few seconds, or nothing else could be heard. */
const TOGETHER_MS = 1000;
const PAUSE_MS = 5000;

/** Tells a screen reader what came in: how many and how risky, in our words alone. The eye sees the lines. */
export function Arrivals({ rows }: { readonly rows: readonly ApprovalSummary[] }) {
  const [said, setSaid] = useState('');
  const now = useRef(rows);
  const spoken = useRef({ newest: newestOf(rows), atMs: 0 });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    now.current = rows;
    if (timer.current !== undefined || newestOf(rows) <= spoken.current.newest) return;
    // Emptied first: the same words twice in a row would not be read a second time.
    setSaid('');
    timer.current = setTimeout(
      () => {
        timer.current = undefined;
        setSaid(wordsFor(now.current, spoken.current.newest));
        spoken.current = { newest: newestOf(now.current), atMs: performance.now() };
      },
      Math.max(TOGETHER_MS, spoken.current.atMs + PAUSE_MS - performance.now()),
    );
  }, [rows]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <span role="status" className="sr-only">
      {said}
    </span>
  );
}

function newestOf(rows: readonly ApprovalSummary[]): string {
  let newest = '';
  for (const { requestedAt } of rows) if (requestedAt > newest) newest = requestedAt;
  return newest;
}

function wordsFor(rows: readonly ApprovalSummary[], newest: string): string {
  const came = rows.filter((row) => row.requestedAt > newest);
  if (came.length === 0) return '';
  const high = came.filter((row) => row.tier === 'high').length;
  return `${plural(came.length, 'new request')}, ${high} of high risk. ${rows.length} waiting.`;
}
