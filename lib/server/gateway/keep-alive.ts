// Server-only. Signs of life for answers that wait for people; one timer for all of them.
import type { ClientAnswer } from './client-answer.ts';
import type { RpcId } from './json-rpc.ts';

export type KeepAlivePace = {
  readonly tickMs: number;
  readonly commentEveryMs: number;
  readonly progressEveryMs: number;
};

const PACE: KeepAlivePace = { tickMs: 1_000, commentEveryMs: 15_000, progressEveryMs: 10_000 };

export type KeepAlive = {
  /** Keeps an answer alive until the returned function is called. */
  start(answer: ClientAnswer, progressToken: RpcId | undefined): () => void;
  close(): void;
};

type Kept = {
  readonly answer: ClientAnswer;
  readonly progressToken: RpcId | undefined;
  commentAtMs: number;
  progressAtMs: number;
  steps: number;
};

/**
 * Comments each 15 s keep proxies from closing the stream; progress each 10 s keeps an SDK client from giving up, but only
 * one that sent a progress token. The numbers are tiny, because progress must grow and the tool's own comes later.
 */
export function createKeepAlive(pace: KeepAlivePace = PACE): KeepAlive {
  const kept = new Set<Kept>();
  const timer = setInterval(() => {
    const now = performance.now();
    for (const one of kept) {
      if (now >= one.commentAtMs) {
        one.commentAtMs = now + pace.commentEveryMs;
        one.answer.comment();
      }
      if (one.progressToken !== undefined && now >= one.progressAtMs) {
        one.progressAtMs = now + pace.progressEveryMs;
        one.answer.event(waitingProgress(one.progressToken, one.steps++));
      }
    }
  }, pace.tickMs);
  timer.unref();
  return {
    start: (answer, progressToken) => {
      const now = performance.now();
      const one: Kept = {
        answer,
        progressToken,
        commentAtMs: now + pace.commentEveryMs,
        progressAtMs: now + pace.progressEveryMs,
        steps: 1,
      };
      if (answer.stream()) answer.comment();
      kept.add(one);
      return () => kept.delete(one);
    },
    close: () => clearInterval(timer),
  };
}

function waitingProgress(progressToken: RpcId, step: number): string {
  const params = { progressToken, progress: step / 1_000_000, message: 'Waiting for a human reviewer' };
  return JSON.stringify({ jsonrpc: '2.0', method: 'notifications/progress', params });
}
