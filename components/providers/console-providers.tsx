'use client';

import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { problemOf } from '#lib/client/api.ts';
import { connectLive } from '#lib/client/live.ts';

/** Retries help only where no answer came; a refusal stays a refusal. */
function shouldRetry(failures: number, error: unknown): boolean {
  return failures < 2 && problemOf(error).code === 'unreachable';
}

function leaveWhenSignedOut(error: unknown): void {
  if (problemOf(error).code !== 'not-signed-in') return;
  const here = `${window.location.pathname}${window.location.search}`;
  if (!here.startsWith('/sign-in')) window.location.assign(`/sign-in?next=${encodeURIComponent(here)}`);
}

function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: leaveWhenSignedOut }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        gcTime: 10 * 60_000,
        retry: shouldRetry,
        retryDelay: 800,
        refetchOnWindowFocus: true,
        // React Query's own idea of offline stops queries; ours is the line's state, shown in a banner.
        networkMode: 'always',
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}

/** What every page of the console stands in: the query cache and the one live connection that keeps it fresh. */
export function ConsoleProviders({ children }: { readonly children: ReactNode }) {
  const [client] = useState(createQueryClient);
  useEffect(() => connectLive(client), [client]);
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}
