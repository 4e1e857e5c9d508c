'use client';

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { queryKeys } from '#lib/client/query-keys.ts';
import type { ApprovalDetail } from '#lib/contracts/approvals.ts';
import { canonicalJson } from '#lib/core/json/canonical.ts';
import { RequestView } from './request-view.tsx';
import { sampleApproval } from './sample-approval.ts';

const HOSTILE = canonicalJson({
  '\u202Ekey': 'a key that is turned around',
  html: '<img src=x onerror=alert(1)>',
  link: '[click](javascript:alert(1))',
  list: [1, true, null, {}, [], 'zero\u200Bwidth', 'tags\u{E0041}\u{E0042}'],
  long: `start ${'x'.repeat(3000)} end`,
  nested: { a: { b: { c: { d: { e: { f: 'deep' } } } } } },
  padded: `ls${' '.repeat(500)}; rm -rf /`,
  rtl: 'שלום עולם',
  terminal: '\u001b[2J\u001b[1;32mApproved by Security\u001b[0m\rrm -rf /',
});

/** Each state by its name in the address, `/gallery?state=hostile`. */
const STATES: Readonly<Record<string, (now: number) => Partial<ApprovalDetail>>> = {
  quorum: () => ({}),
  hostile: () => ({ canonicalArgs: HOSTILE, lastApproved: null, tier: 'medium', argsBytes: HOSTILE.length }),
  many: () => {
    const canonicalArgs = canonicalJson(Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, i])));
    return { canonicalArgs, lastApproved: null, argsBytes: canonicalArgs.length };
  },
  megabyte: () => {
    const canonicalArgs = canonicalJson({ content: 'line of a file\n'.repeat(70_000), path: '/srv/data' });
    return { canonicalArgs, lastApproved: null, argsBytes: canonicalArgs.length };
  },
  owner: () => ({
    mine: true,
    mayVote: { allowed: false, code: 'self-approval', sentence: 'You own this agent: another reviewer must decide.' },
  }),
  soon: (now) => ({ expiresAt: new Date(now + 20_000).toISOString() }),
  expired: (now) => ({ status: 'expired', expiresAt: new Date(now - 60_000).toISOString() }),
  killed: () => ({ status: 'killed' }),
  unknown: () => ({ status: 'unknown-outcome', claimedBy: null }),
  succeeded: () => ({ status: 'succeeded', claimedBy: null }),
  mismatch: () => ({ digest: '0'.repeat(64) }),
};

/** One state of the review screen, with made-up data and the true digest of it. */
export function Gallery({ state }: { readonly state: string }) {
  const [client] = useState(() => {
    const fresh = new QueryClient({
      defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY, retry: false } },
    });
    fresh.setQueryData(queryKeys.killSwitch, {
      epoch: '0',
      scopes: [],
      restores: [],
      gateways: [],
      separation: 'full',
    });
    fresh.setQueryData(queryKeys.approvals.list('pending'), {
      pages: [{ items: [], nextCursor: null, serverTime: new Date().toISOString() }],
      pageParams: [''],
    });
    return fresh;
  });
  const [record, setRecord] = useState<ApprovalDetail | null>(null);
  // Made in the browser only: its times start now, and the server's now is another one.
  useEffect(() => {
    const now = Date.now();
    const change = STATES[state];
    setRecord(change === undefined ? null : sampleApproval(change(now), now));
  }, [state]);
  if (record === null) {
    return (
      <main className="p-8">
        <h1 className="mb-3 font-semibold text-xl">States of the review screen</h1>
        <ul className="grid gap-1">
          {Object.keys(STATES).map((name) => (
            <li key={name}>
              <a className="link" href={`/gallery?state=${name}`}>
                {name}
              </a>
            </li>
          ))}
        </ul>
      </main>
    );
  }
  return (
    <QueryClientProvider client={client}>
      <main className="h-dvh">
        <RequestView record={record} />
      </main>
    </QueryClientProvider>
  );
}
