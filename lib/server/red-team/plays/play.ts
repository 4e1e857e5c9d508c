// Server-only. How a scenario is played: its attempts, in the order in which the catalogue expects them.
import type { Seen } from '../attacker.ts';
import type { Stage } from '../stage.ts';

export type Play = (stage: Stage) => Promise<readonly Seen[]>;
export type Plays = Readonly<Record<string, Play>>;

/** One attempt after the other: together they would take each other's place in a limit. */
export async function inTurn<T>(items: readonly T[], attempt: (item: T) => Promise<Seen>): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  for (const item of items) seen.push(await attempt(item));
  return seen;
}
