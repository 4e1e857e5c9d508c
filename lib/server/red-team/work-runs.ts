// Server-only. What the worker does about runs: gives up the dead ones, asks for the due ones, plays the next one.
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import { dueCause, isMissed } from '#lib/core/red-team/schedule.ts';
import { recordEvent } from '../audit/record-event.ts';
import { databaseNow, withTx } from '../db/tx.ts';
import { scheduleRun } from './ask-for-run.ts';
import { tellOfMissedRun } from './incidents.ts';
import { breakOff, playRun, type RunDeps } from './play-run.ts';
import type { StageDeps } from './stage.ts';
import { tidyUp } from './tidy-up.ts';

/** Longer than any scenario takes: a run without a beat for so long has lost its worker. */
const SILENT = '60 seconds';

/** One round of the worker's step; answers whether it played a run. Any number of workers may come here together. */
export async function workRuns(deps: RunDeps): Promise<boolean> {
  await giveUpSilent(deps);
  await askWhenDue(deps);
  const runId = await takeRun(deps);
  if (runId === null) return false;
  await playRun(deps, runId);
  return true;
}

async function giveUpSilent(deps: StageDeps): Promise<void> {
  const silent = await deps.prisma.$queryRaw<{ id: string }[]>`
    SELECT id::text FROM red_team_runs WHERE state = 'running' AND beat_at < clock_timestamp() - ${SILENT}::interval`;
  for (const { id } of silent) {
    await breakOff(deps, id, 'Its worker is gone.');
    await tidyUp(deps);
  }
}

async function askWhenDue({ prisma, targets }: RunDeps): Promise<void> {
  const settings = await prisma.redTeamSettings.findUniqueOrThrow({ where: { id: 1 } });
  const { enabled, nextAt, scheduledSince } = settings;
  if (!enabled || nextAt === null || scheduledSince === null) return;
  const now = await databaseNow(prisma);
  const [last, lastFinished] = await Promise.all([
    prisma.redTeamRun.findFirst({ orderBy: { askedAt: 'desc' } }),
    prisma.redTeamRun.findFirst({ where: { state: 'finished' }, orderBy: { finishedAt: 'desc' } }),
  ]);
  if (last !== null && last.finishedAt === null) return;
  if (isMissed(now.getTime(), lastFinished?.finishedAt?.getTime() ?? null, scheduledSince.getTime())) {
    const told = await prisma.incident.findFirst({ where: { kind: 'red-team-missed', state: { not: 'resolved' } } });
    if (told === null) await tellOfMissedRun(prisma);
  }
  const cause = dueCause({
    nowMs: now.getTime(),
    nextAtMs: nextAt.getTime(),
    lastBegunMs: last?.askedAt.getTime() ?? null,
    ground: { build: targets.build, policyVersion: await policyVersionOf(prisma) },
    lastGround:
      lastFinished?.build == null || lastFinished.policyVersion === null
        ? null
        : { build: lastFinished.build, policyVersion: lastFinished.policyVersion },
  });
  if (cause !== null) await scheduleRun({ prisma }, cause);
}

/** Takes the run that waits, if there is one, and says so in the log. */
function takeRun({ prisma, keys, targets }: RunDeps): Promise<string | null> {
  return withTx(prisma, async (tx) => {
    const [waiting] = await tx.$queryRaw<{ id: string; cause: string }[]>`
      SELECT id::text, cause FROM red_team_runs WHERE state = 'waiting' FOR UPDATE SKIP LOCKED LIMIT 1`;
    if (waiting === undefined) return null;
    const { id, cause } = waiting;
    const policyVersion = await policyVersionOf(tx);
    await tx.$executeRaw`
      UPDATE red_team_runs SET state = 'running', started_at = clock_timestamp(), beat_at = clock_timestamp(),
        build = ${targets.build}, policy_version = ${policyVersion},
        previous_id = (SELECT p.id FROM red_team_runs p WHERE p.state = 'finished' ORDER BY p.finished_at DESC LIMIT 1)
      WHERE id = ${id}::uuid`;
    const detail = { run: id, cause, build: targets.build, policyVersion };
    await recordEvent(tx, keys, { type: 'red-team.started', actor: auditActor('system'), detail });
    return id;
  });
}

async function policyVersionOf(tx: Pick<RunDeps['prisma'], '$queryRaw'>): Promise<number> {
  const [row] = await tx.$queryRaw<{ version: number | null }[]>`
    SELECT max(version)::int AS version FROM policy_versions WHERE status = 'published'`;
  return row?.version ?? 0;
}
