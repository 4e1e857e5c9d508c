// Server-only. Which approvals this process has consumed, so that cleaning up after a lost answer hits no running call.
import type { Consumed } from '../approvals/consume-request.ts';

export type Consumptions = {
  /** Runs one attempt to consume; attempts on the same request take turns, so that each sees how the last one ended. */
  run(requestId: string, consume: () => Promise<Consumed>): Promise<Consumed>;
  /** Whether a call of this process runs, or ran, on the request's approval. */
  isOurs(requestId: string): boolean;
};

const MOST_REMEMBERED = 20_000;

/** Remembers consumptions; the oldest are forgotten, long after their calls have ended. */
export function createConsumptions(): Consumptions {
  const ours = new Set<string>();
  const turns = new Map<string, Promise<unknown>>();

  async function attempt(requestId: string, consume: () => Promise<Consumed>): Promise<Consumed> {
    const consumed = await consume();
    if (consumed.kind !== 'consumed') return consumed;
    if (ours.size >= MOST_REMEMBERED) {
      const oldest = ours.values().next();
      if (!oldest.done) ours.delete(oldest.value);
    }
    ours.add(requestId);
    return consumed;
  }

  return {
    run: (requestId, consume) => {
      const before = turns.get(requestId) ?? Promise.resolve();
      const turn = before.then(
        () => attempt(requestId, consume),
        () => attempt(requestId, consume),
      );
      turns.set(requestId, turn);
      const leave = () => {
        if (turns.get(requestId) === turn) turns.delete(requestId);
      };
      turn.then(leave, leave);
      return turn;
    },
    isOurs: (requestId) => ours.has(requestId),
  };
}
