// Server-only. Everything that happens without anybody asking. Any number of workers may run.
import { randomUUIDv7 } from 'node:crypto';
import { join } from 'node:path';
import { forgetEndedTokens } from '../agents/housekeeping.ts';
import { rotateSigningKeys } from '../agents/signing-keys.ts';
import { escalateDue } from '../approvals/escalate-due.ts';
import { expireRequests } from '../approvals/expire-requests.ts';
import { reconcileRequests } from '../approvals/reconcile-requests.ts';
import { fileWitness } from '../audit/head-witness.ts';
import { startSequencer } from '../audit/sequence.ts';
import { sweepBreakGlass } from '../break-glass/sweep-break-glass.ts';
import { judgePlants } from '../calibration/judge-plants.ts';
import { openPlants } from '../calibration/open-plants.ts';
import { planPlants } from '../calibration/plan-plants.ts';
import { expireOutcomes } from '../calls-api/expire-outcomes.ts';
import { rotateDue } from '../credentials/rotate-due.ts';
import { sweepCredentials } from '../credentials/sweep-credentials.ts';
import type { Database } from '../db/prisma.ts';
import { expireGrants, type SweepMemory, voidUnfitGrants } from '../grants/sweep-grants.ts';
import { alarmRolledBack } from '../incidents/alarm-log.ts';
import { watchLog } from '../incidents/watch-log.ts';
import type { Keys } from '../keys/load-keys.ts';
import type { Log } from '../log.ts';
import { sweepWindows } from '../observe/end-window.ts';
import { closeColumns } from '../overview/close-columns.ts';
import { rollUp } from '../overview/roll-up.ts';
import type { Targets } from '../red-team/targets.ts';
import { workRuns } from '../red-team/work-runs.ts';
import { eraseDue } from '../retention/erase-due.ts';
import { noChildren, type StartChild } from '../runner/child-starter.ts';
import { rescanDue } from '../servers/rescan-due.ts';
import { announceStart, beat, sayGoodbye } from './announce.ts';
import { cleanUp } from './clean-up.ts';
import { notificationSteps } from './notification-steps.ts';
import { repeat, type Step } from './repeat.ts';

export type WorkerOptions = {
  readonly databaseUrl: string;
  readonly prisma: Database;
  readonly keys: Keys;
  readonly dataDir: string;
  readonly log: Log;
  readonly startChild?: StartChild;
  /** Where links in notifications lead; without it nobody is notified. */
  readonly consoleUrl?: string;
  /** What the red team attacks; without it runs wait for another worker. */
  readonly redTeam?: Targets;
};

export type Worker = { readonly stop: () => Promise<void> };

/**
 * Starts the sequencer and the sweeps. Each step runs on its own, so that a slow scan never delays an expiry; each is safe
 * in several workers at once by locks or by conditional updates. Stopping lets every step end and signs the log's head.
 */
export function startWorker(options: WorkerOptions): Worker {
  const { databaseUrl, prisma, keys, dataDir, log } = options;
  const bootId = randomUUIDv7();
  const stopping = new AbortController();
  const witness = fileWitness(join(dataDir, 'log-head.json'));
  const sequencer = startSequencer({
    databaseUrl,
    signing: keys.logSigning,
    log,
    witness,
    onRolledBack: () => alarmRolledBack(prisma),
  });
  const deps = { prisma, keys, startChild: options.startChild ?? noChildren };
  const notifications = notificationSteps({ prisma, keys, log, consoleUrl: options.consoleUrl });
  let isAnnounced = false;
  const grantsSeen: SweepMemory = { seen: null };
  const steps: readonly Step[] = [
    {
      name: 'heartbeat',
      everyMs: 2_000,
      run: async () => {
        if (!isAnnounced) await announceStart(prisma, keys, bootId);
        isAnnounced = true;
        await beat(prisma, bootId);
      },
    },
    { name: 'expire-requests', everyMs: 1_000, run: () => expireRequests(prisma, keys) },
    { name: 'escalate-requests', everyMs: 1_000, run: () => escalateDue(prisma, keys) },
    { name: 'expire-grants', everyMs: 1_000, run: () => expireGrants(prisma, keys) },
    { name: 'void-grants', everyMs: 2_000, run: () => voidUnfitGrants(prisma, keys, grantsSeen) },
    { name: 'reconcile-requests', everyMs: 2_000, run: () => reconcileRequests(prisma, keys) },
    { name: 'observe-windows', everyMs: 1_000, run: () => sweepWindows(prisma, keys) },
    { name: 'break-glass', everyMs: 5_000, run: () => sweepBreakGlass(prisma, keys) },
    { name: 'expire-outcomes', everyMs: 5_000, run: () => expireOutcomes(deps) },
    { name: 'credentials', everyMs: 2_000, run: () => sweepCredentials(deps) },
    { name: 'rotate-credentials', everyMs: 5_000, run: () => rotateDue(deps) },
    { name: 'rescan', everyMs: 30_000, run: () => rescanDue(deps) },
    { name: 'roll-up', everyMs: 1_000, run: () => rollUp(prisma) },
    { name: 'close-columns', everyMs: 10_000, run: () => closeColumns(prisma) },
    { name: 'plan-plants', everyMs: 60_000, run: () => planPlants(prisma, keys) },
    { name: 'open-plants', everyMs: 2_000, run: () => openPlants({ databaseUrl, prisma, keys }) },
    { name: 'judge-plants', everyMs: 1_000, run: () => judgePlants(prisma, keys) },
    { name: 'watch-log', everyMs: 1_000, run: () => watchLog(prisma) },
    { name: 'signing-keys', everyMs: 60_000, run: () => rotateSigningKeys(deps) },
    { name: 'ended-tokens', everyMs: 600_000, run: () => forgetEndedTokens(prisma) },
    { name: 'erase-by-retention', everyMs: 600_000, run: () => eraseDue(deps) },
    { name: 'clean-up', everyMs: 3_600_000, run: () => cleanUp(prisma) },
    ...redTeamSteps(options, stopping.signal),
    ...notifications.steps,
  ];
  const running = steps.map((step) => repeat(step, log, stopping.signal));
  return {
    async stop() {
      stopping.abort();
      await Promise.all(running);
      await notifications.close();
      await sayGoodbye(prisma, bootId).catch((error: unknown) =>
        log.warn({ err: error }, 'the worker could not say goodbye'),
      );
      await sequencer.stop();
    },
  };
}

function redTeamSteps({ prisma, keys, log, redTeam }: WorkerOptions, signal: AbortSignal): readonly Step[] {
  if (redTeam === undefined) return [];
  return [{ name: 'red-team', everyMs: 1_000, run: () => workRuns({ prisma, keys, log, targets: redTeam, signal }) }];
}
