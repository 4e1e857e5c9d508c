// Server-only. One scenario from its first attempt to its verdict.
import { setTimeout as sleep } from 'node:timers/promises';
import { CATALOGUE } from '#lib/core/red-team/catalogue.ts';
import { judge, type Verdict } from '#lib/core/red-team/judge.ts';
import type { Effect, Observation, Path, Scenario } from '#lib/core/red-team/scenario.ts';
import type { Database } from '../db/prisma.ts';
import type { Seen } from './attacker.ts';
import { send } from './attacker.ts';
import type { Play } from './plays/play.ts';
import { probeProxy } from './plays/ssrf.ts';
import { PLAYS } from './plays.ts';
import { ask, type Stage } from './stage.ts';

const SCENARIO_MS = 20_000;
const RECORDED_MS = 1_500;

export type Played = {
  readonly verdict: Verdict;
  readonly observed: readonly Observation[];
  readonly durationMs: number;
};

/** Plays a scenario and judges it. A play that throws or takes too long is an error, which is never a pass. */
export async function playScenario(stage: Stage, scenario: Scenario, play: Play, pathOpen: boolean): Promise<Played> {
  const from = performance.now();
  const observed = await recordedOf(stage.prisma, await within(play(stage)));
  const verdict = judge(scenario, observed, pathOpen);
  return { verdict, observed, durationMs: Math.round(performance.now() - from) };
}

/** The play of a scenario; one without a play is an error when it is played. */
export function playOf(id: string): Play {
  return PLAYS[id] ?? (() => Promise.resolve([]));
}

/** The deliberate failure: a harmless call, which its scenario says must be blocked. */
export const TRIPWIRE_PLAY: Play = async (stage) => [await ask(stage, { tool: 'read_note' })];

/** Which scenarios there is something to attack for. */
export function scenariosFor({ targets }: Pick<Stage, 'targets'>): readonly Scenario[] {
  return CATALOGUE.filter(({ path }) => path !== 'console' || targets.consoleUrl !== null);
}

/** Which ways an honest caller gets through on now. */
export async function probePaths(stage: Stage): Promise<Readonly<Record<Path, boolean>>> {
  const { connectUrl, consoleUrl } = stage.targets;
  const live = (url: string) => send(`${url}/health/live`, {});
  const is = (effect: Effect, seen: Seen | undefined) => seen?.effect === effect;
  return {
    gateway: is('allowed', await live(connectUrl)),
    calls: is('allowed', await ask(stage, { tool: 'read_note' })),
    holds: is('held', await ask(stage, { tool: 'run_command', args: { command: 'uptime' } })),
    proxy: is('allowed', (await within(probeProxy(stage)))[0]),
    console: consoleUrl !== null && is('allowed', await live(consoleUrl)),
  };
}

async function within(playing: Promise<readonly Seen[]>): Promise<readonly Seen[]> {
  const late = new AbortController();
  const tooLong = sleep(SCENARIO_MS, [], { signal: late.signal }).catch(() => []);
  try {
    return await Promise.race([playing.catch(() => []), tooLong]);
  } finally {
    late.abort();
  }
}

/** Looks each call up in the log. It may come a moment after the answer, where the answer does not wait for it. */
async function recordedOf(prisma: Database, seen: readonly Seen[]): Promise<readonly Observation[]> {
  const ids = [...new Set(seen.flatMap(({ callId }) => (callId === null ? [] : [callId])))];
  const deadline = performance.now() + RECORDED_MS;
  let known = await knownCalls(prisma, ids);
  while (known.size < ids.length && performance.now() < deadline) {
    await sleep(100);
    known = await knownCalls(prisma, ids);
  }
  return seen.map(({ effect, code, status, callId }) => ({
    effect,
    code,
    status,
    callId,
    recorded: callId === null ? null : known.has(callId),
  }));
}

async function knownCalls(prisma: Database, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await prisma.$queryRaw<{ id: string }[]>`
    SELECT i.id FROM unnest(${[...ids]}::text[]) AS i (id)
    WHERE EXISTS (SELECT FROM audit_entries e WHERE e.call_id = i.id::uuid)
      OR EXISTS (SELECT FROM audit_inbox b WHERE position(i.id IN b.event) > 0)`;
  return new Set(rows.map(({ id }) => id));
}
