'use client';

import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { problemOf } from '#lib/client/api.ts';
import { formatClock } from '#lib/client/time.ts';
import { ProblemNotice } from './problem-notice.tsx';
import { Loading } from './skeleton.tsx';

type LoadedProps<T> = {
  readonly query: UseQueryResult<T>;
  readonly skeleton: ReactNode;
  /** False while the code that draws the data is still on its way (later.tsx). */
  readonly arrived?: boolean;
  readonly children: (data: T) => ReactNode;
};

/**
 * One part of a page with its own fate: a skeleton until it is there, the refusal where it failed, and what was known
 * before with a note when only the refresh failed. A broken part never takes the page with it.
 */
export function Loaded<T>({ query, skeleton, arrived = true, children }: LoadedProps<T>) {
  const retry = () => void query.refetch();
  if (query.data === undefined || !arrived) {
    if (query.data === undefined && query.isError)
      return <ProblemNotice problem={problemOf(query.error)} onRetry={retry} />;
    return <Loading>{skeleton}</Loading>;
  }
  // A lost connection is said once, in the banner at the top, not in every part of the page.
  if (!query.isError || problemOf(query.error).code === 'unreachable') return children(query.data);
  const known = formatClock(new Date(query.dataUpdatedAt).toISOString());
  const problem = problemOf(query.error);
  return (
    <>
      <ProblemNotice
        className="mb-4"
        problem={{ ...problem, next: `What you see is from ${known}. ${problem.next}` }}
        onRetry={retry}
      />
      {children(query.data)}
    </>
  );
}
