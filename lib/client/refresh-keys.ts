import type { LiveKey } from './live-hints.ts';

/** After this long a refresh counts as lost, so that an answer that never comes cannot silence a key. */
const LOST_MS = 5000;

/**
 * Refreshes keys at once, then one at a time each: what is asked for while a refresh runs or rests is done once, after it.
 * Without that, a stream of hints restarts the refetch of a long list before its last page came, and new rows never show.
 * A key rests for its pause or for as long as its refresh took, whichever is longer: a slow server is not pressed harder.
 */
export function createRefresher(refresh: (key: LiveKey) => Promise<unknown>) {
  type Turn = { again: boolean; timer: ReturnType<typeof setTimeout> };
  const turns = new Map<string, Turn>();

  function fire(key: LiveKey, pauseMs: number): void {
    const name = JSON.stringify(key);
    const running = turns.get(name);
    if (running !== undefined) {
      running.again = true;
      return;
    }
    const startedMs = Date.now();
    const end = () => {
      if (turns.get(name) !== turn) return;
      turns.delete(name);
      if (turn.again) fire(key, pauseMs);
    };
    const turn: Turn = { again: false, timer: setTimeout(end, LOST_MS) };
    turns.set(name, turn);
    const rest = () => {
      if (turns.get(name) !== turn) return;
      clearTimeout(turn.timer);
      turn.timer = setTimeout(end, Math.max(pauseMs, Date.now() - startedMs));
    };
    refresh(key).then(rest, rest);
  }

  return {
    fire,
    stop(): void {
      for (const turn of turns.values()) clearTimeout(turn.timer);
      turns.clear();
    },
  };
}
