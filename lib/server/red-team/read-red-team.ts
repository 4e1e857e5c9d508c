// Server-only. How the red team stands, as the page and the command line show it.
import { z } from 'zod';
import {
  type RedTeam,
  type RedTeamGapView,
  type RedTeamResultView,
  type RedTeamRunDetail,
  type RedTeamRunView,
  redTeamRunDetailSchema,
} from '#lib/contracts/red-team.ts';
import { trendOf } from '#lib/core/red-team/trend.ts';
import type { Database } from '../db/prisma.ts';
import { databaseNow, type Tx } from '../db/tx.ts';

const WEEKS = 12;
const PAGE = 25;

type RunRow = NonNullable<Awaited<ReturnType<typeof findRun>>>;

/** The last run with its results, the one under way, twelve weeks and the accepted gaps. */
export async function readRedTeam(prisma: Database): Promise<RedTeam> {
  const now = await databaseNow(prisma);
  const [settings, open, latest, finished, gaps] = await Promise.all([
    prisma.redTeamSettings.findUniqueOrThrow({ where: { id: 1 } }),
    prisma.redTeamRun.findFirst({ where: { finishedAt: null }, include: COUNTED }),
    prisma.redTeamRun.findFirst({ where: { state: 'finished' }, orderBy: { finishedAt: 'desc' }, include: COUNTED }),
    prisma.$queryRaw<{ at: Date; held: number; counted: number }[]>`
      SELECT finished_at AS at, held, counted FROM red_team_runs
      WHERE state = 'finished' AND finished_at > now() - make_interval(weeks => ${WEEKS + 1}::int)`,
    readGapViews(prisma),
  ]);
  const { setUpBy, setUpAt, enabled, nextAt, changedBy, changedAt } = settings;
  return {
    setUp: setUpAt === null || setUpBy === null ? null : { by: setUpBy, at: setUpAt.toISOString() },
    schedule: {
      enabled,
      nextAt: nextAt?.toISOString() ?? null,
      changedBy,
      changedAt: changedAt?.toISOString() ?? null,
    },
    open: open === null ? null : runView(open),
    latest: latest === null ? null : { run: runView(latest), results: [...(await readResults(prisma, latest.id))] },
    trend: trendOf(
      finished.map(({ at, held, counted }) => ({ atMs: at.getTime(), held, of: counted })),
      now.getTime(),
      WEEKS,
    ).map(({ startMs, ...week }) => ({ start: new Date(startMs).toISOString(), ...week })),
    gaps,
    serverTime: now.toISOString(),
  };
}

/** One run; null for an id that is none. */
export async function readRun(prisma: Database, id: string): Promise<RedTeamRunDetail | null> {
  const row = await findRun(prisma, id);
  if (row === null) return null;
  const [results, gaps, now] = await Promise.all([readResults(prisma, id), readGapViews(prisma), databaseNow(prisma)]);
  return { run: runView(row), previousId: row.previousId, results: [...results], gaps, serverTime: now.toISOString() };
}

/** A page of runs, newest first; the cursor is the last one's id, which is older than none before it. */
export async function listRuns(
  prisma: Database,
  cursor: string | undefined,
): Promise<{ items: RedTeamRunView[]; nextCursor: string | null }> {
  const after = z.uuid().safeParse(cursor);
  const rows = await prisma.redTeamRun.findMany({
    where: after.success ? { id: { lt: after.data } } : {},
    orderBy: { id: 'desc' },
    take: PAGE + 1,
    include: COUNTED,
  });
  const items = rows.slice(0, PAGE).map(runView);
  return { items, nextCursor: rows.length > PAGE ? (items.at(-1)?.id ?? null) : null };
}

const COUNTED = { _count: { select: { results: true } } } as const;

function findRun(prisma: Database, id: string) {
  return prisma.redTeamRun.findUnique({ where: { id }, include: COUNTED });
}

function runView(row: RunRow): RedTeamRunView {
  const { id, askedBy, build, policyVersion, planned, held, counted, tripped, trouble, _count } = row;
  return redTeamRunDetailSchema.shape.run.parse({
    id,
    state: row.state,
    cause: row.cause,
    askedBy,
    askedAt: row.askedAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    build,
    policyVersion,
    played: _count.results,
    planned,
    light: row.light,
    held,
    counted,
    tripped,
    trouble,
  });
}

async function readResults(tx: Tx, runId: string): Promise<readonly RedTeamResultView[]> {
  const rows = await tx.redTeamResult.findMany({ where: { runId }, orderBy: { at: 'asc' } });
  return redTeamRunDetailSchema.shape.results.parse(
    rows.map(({ scenario, family, verdict, standing, observed, durationMs, at }) => ({
      scenario,
      family,
      verdict,
      standing,
      observed,
      durationMs,
      at: at.toISOString(),
    })),
  );
}

async function readGapViews(tx: Tx): Promise<RedTeamGapView[]> {
  const rows = await tx.$queryRaw<(Omit<RedTeamGapView, 'acceptedAt' | 'until'> & { accepted: Date; until: Date })[]>`
    SELECT id::text, scenario, reason, accepted_by AS "acceptedBy", accepted_at AS accepted, until FROM red_team_gaps
    WHERE ended_at IS NULL AND until > clock_timestamp() ORDER BY until`;
  return rows.map(({ accepted, until, ...row }) => ({
    ...row,
    acceptedAt: accepted.toISOString(),
    until: until.toISOString(),
  }));
}
