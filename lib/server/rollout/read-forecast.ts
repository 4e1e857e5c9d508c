// Server-only.
import type { Refusal } from '#lib/contracts/problems.ts';
import type { RolloutForecast } from '#lib/contracts/rollout.ts';
import { windowProblem } from '#lib/core/policies/time-window.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { forecastOf, WORK } from '#lib/core/rollout/forecast.ts';
import type { ConfigDeps } from '../db/config-write.ts';
import type { Database } from '../db/prisma.ts';
import { type CountedHolds, countHolds } from './count-holds.ts';

const FRESH_MS = 10 * 60_000;

type Kept = { readonly version: bigint; readonly atMs: number; readonly counted: Promise<CountedHolds> };
/** What was counted last for each database; everybody who asks meanwhile waits for the same count. */
const kept = new WeakMap<Database, Kept>();

/**
 * How many requests an hour people would get, in the hours of a time zone.
 *
 * Counting reads up to 50,000 calls, so it is done once in ten minutes or when the configuration moved on, however many
 * people look. Counts only: everybody who is signed in may see them. Refuses a zone that there is not.
 */
export async function readForecast(deps: ConfigDeps, zone: string): Promise<Result<RolloutForecast, Refusal>> {
  if (windowProblem({ zone }) !== null)
    return err({ code: 'invalid-request', detail: 'zone: there is no such time zone' });
  const { quarters, calls, since, until, truncated } = await countedFor(deps);
  const span = { sinceMs: (since ?? until).getTime(), untilMs: until.getTime(), calls, zone };
  const { hours, ...forecast } = forecastOf(quarters, span);
  return ok({
    ...forecast,
    hours: [...hours],
    zone,
    work: WORK,
    calls,
    since: since?.toISOString() ?? null,
    countedAt: until.toISOString(),
    truncated,
    reviewers: await countReviewers(deps.prisma),
  });
}

async function countedFor(deps: ConfigDeps): Promise<CountedHolds> {
  const { version } = await deps.prisma.configHead.findUniqueOrThrow({ where: { id: 1 } });
  const last = kept.get(deps.prisma);
  if (last !== undefined && last.version === version && Date.now() - last.atMs < FRESH_MS) return last.counted;
  const counted = countHolds(deps);
  kept.set(deps.prisma, { version, atMs: Date.now(), counted });
  // A count that failed is not what the next one who asks should get.
  counted.catch(() => kept.delete(deps.prisma));
  return counted;
}

async function countReviewers(database: Database): Promise<number> {
  const rows = await database.$queryRaw<{ n: number }[]>`SELECT reviewers_apart()::int AS n`;
  return rows[0]?.n ?? 0;
}
