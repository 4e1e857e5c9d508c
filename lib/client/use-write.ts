'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ApiProblem, ApiResult } from './api.ts';
import type { LiveKey } from './live-hints.ts';

export type Write<V, T> = {
  /** Sends it; resolves with the answer or the refusal, never throws for one. */
  readonly run: (variables: V) => Promise<ApiResult<T>>;
  readonly busy: boolean;
  readonly problem: ApiProblem | null;
  /** What the last one that succeeded answered, until the next begins. */
  readonly answer: T | undefined;
  /** Forgets the last refusal, as when a form is opened anew. */
  readonly reset: () => void;
};

/** One write to the API with its busy state, its refusal as a value, and what it makes stale when it succeeds. */
export function useWrite<V, T>(write: (variables: V) => Promise<ApiResult<T>>, stale: readonly LiveKey[]): Write<V, T> {
  const client = useQueryClient();
  const mutation = useMutation({
    mutationFn: write,
    onSuccess: async (answer) => {
      if (!answer.ok) return;
      await Promise.all(stale.map((queryKey) => client.invalidateQueries({ queryKey: [...queryKey] })));
    },
  });
  const answer = mutation.data;
  return {
    run: mutation.mutateAsync,
    busy: mutation.isPending,
    problem: answer !== undefined && !answer.ok ? answer.error : null,
    answer: answer?.ok ? answer.value : undefined,
    reset: mutation.reset,
  };
}
