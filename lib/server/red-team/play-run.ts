// Server-only. One run: every scenario, then what it all says.
import { createServer } from 'node:net';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import { TRIPWIRE } from '#lib/core/red-team/catalogue.ts';
import { lightOf, type Standing, standingOf } from '#lib/core/red-team/compare.ts';
import type { Verdict } from '#lib/core/red-team/judge.ts';
import type { Scenario } from '#lib/core/red-team/scenario.ts';
import { scoreOf } from '#lib/core/red-team/score.ts';
import { recordEvent } from '../audit/record-event.ts';
import { withTx } from '../db/tx.ts';
import type { Log } from '../log.ts';
import { closeTripwire, openTripwire, tellOfScenarios } from './incidents.ts';
import { type Played, playOf, playScenario, probePaths, scenariosFor, TRIPWIRE_PLAY } from './play-scenario.ts';
import { type Before, readBefore } from './run-rows.ts';
import { openSecrets } from './sealed-secrets.ts';
import { attackersOf, type Stage, type StageDeps } from './stage.ts';
import type { Targets } from './targets.ts';
import { tidyUp } from './tidy-up.ts';

export type RunDeps = StageDeps & { readonly targets: Targets; readonly log: Log; readonly signal: AbortSignal };
type Done = { readonly scenario: Scenario; readonly verdict: Verdict; readonly standing: Standing };

/**
 * Plays a run that this worker has taken. Whatever happens in it, what it arranged is put back and the run ends: finished,
 * or broken off with the reason.
 */
export async function playRun(deps: RunDeps, runId: string): Promise<void> {
  const trap = await openTrap();
  try {
    await tidyUp(deps);
    const stage = await openStage(deps, runId, trap);
    if (stage === null) return await breakOff(deps, runId, 'The agents of the red team get no token.');
    const before = await readBefore(deps.prisma, runId);
    const done = await playAll(deps, stage, before);
    if (done === null) return await breakOff(deps, runId, 'The worker was stopped.');
    const tripped = await tripWire(stage);
    await finish(deps, runId, done, tripped);
  } catch (error) {
    deps.log.error({ err: error, run: runId }, 'a red-team run was broken off');
    await breakOff(deps, runId, 'Something of our own failed; the worker’s log says what.');
  } finally {
    trap.close();
    await tidyUp(deps);
  }
}

async function openStage(deps: RunDeps, runId: string, trap: Trap): Promise<Stage | null> {
  const { prisma, keys, targets } = deps;
  const settings = await prisma.redTeamSettings.findUniqueOrThrow({ where: { id: 1 } });
  const agents = await prisma.agent.findMany({
    where: { id: { in: [settings.agentId, settings.drillAgentId].filter((id) => id !== null) } },
  });
  const red = agents.find(({ id }) => id === settings.agentId);
  const drill = agents.find(({ id }) => id === settings.drillAgentId);
  if (settings.sealed === null || red === undefined || drill === undefined) return null;
  const secrets = openSecrets(keys, settings.sealed);
  const attackers = await attackersOf(targets, { red, drill }, secrets);
  return attackers === null ? null : { prisma, keys, targets, runId, ...attackers, canary: secrets.canary, trap };
}

/** Null where the worker was told to stop in between. */
async function playAll(deps: RunDeps, stage: Stage, before: Before): Promise<readonly Done[] | null> {
  const { prisma, signal } = deps;
  const scenarios = scenariosFor(stage);
  await prisma.redTeamRun.update({ where: { id: stage.runId }, data: { planned: scenarios.length } });
  const paths = await probePaths(stage);
  const done: Done[] = [];
  for (const scenario of scenarios) {
    if (signal.aborted) return null;
    const played = await playScenario(stage, scenario, playOf(scenario.id), paths[scenario.path]);
    const { verdict } = played;
    const standing = standingOf(verdict, before.verdicts.get(scenario.id) ?? null, before.gaps.has(scenario.id));
    await keepResult(deps, stage.runId, scenario, played, standing);
    done.push({ scenario, verdict, standing });
  }
  return done;
}

async function keepResult(
  { prisma }: RunDeps,
  runId: string,
  { id, family }: Scenario,
  { verdict, observed, durationMs }: Played,
  standing: Standing,
): Promise<void> {
  await prisma.redTeamResult.create({
    data: { runId, scenario: id, family, verdict, standing, durationMs, observed: observed.map((one) => ({ ...one })) },
  });
  await prisma.$executeRaw`UPDATE red_team_runs SET beat_at = clock_timestamp() WHERE id = ${runId}::uuid`;
}

/** Fails on purpose, and looks whether that was noticed all the way: a verdict, an incident, and its end. */
async function tripWire(stage: Stage): Promise<boolean> {
  const { verdict } = await playScenario(stage, TRIPWIRE, TRIPWIRE_PLAY, true);
  if (verdict !== 'fail') return false;
  const opened = await openTripwire(stage, stage.runId);
  const closed = await closeTripwire(stage, stage.runId);
  return closed.includes(opened);
}

function finish(deps: RunDeps, runId: string, done: readonly Done[], tripped: boolean): Promise<void> {
  const light = lightOf(
    done.map(({ standing }) => standing),
    tripped,
  );
  const { held, of: counted } = scoreOf(done);
  return withTx(deps.prisma, async (tx) => {
    const ended = await tx.$executeRaw`
      UPDATE red_team_runs SET state = 'finished', finished_at = clock_timestamp(), light = ${light}, held = ${held},
        counted = ${counted}, tripped = ${tripped}
      WHERE id = ${runId}::uuid AND state = 'running'`;
    // Another worker has given this run up meanwhile; what it says is over.
    if (ended !== 1) return;
    await tellOfScenarios(tx, runId, done, light);
    await recordEvent(tx, deps.keys, {
      type: 'red-team.finished',
      actor: auditActor('system'),
      detail: { run: runId, light, held, counted, tripped },
    });
  });
}

/** Ends a run without a verdict: what it found so far stays, and says nothing about the whole. */
export function breakOff({ prisma, keys }: StageDeps, runId: string, trouble: string): Promise<void> {
  return withTx(prisma, async (tx) => {
    const ended = await tx.$executeRaw`
      UPDATE red_team_runs SET state = 'broken-off', finished_at = clock_timestamp(), trouble = ${trouble}
      WHERE id = ${runId}::uuid AND state = 'running'`;
    if (ended !== 1) return;
    const detail = { run: runId, trouble };
    await recordEvent(tx, keys, { type: 'red-team.broken-off', actor: auditActor('system'), detail });
  });
}

type Trap = Stage['trap'] & { readonly close: () => void };

/** A listener on the loopback that counts who comes; whoever does got past the egress list. */
async function openTrap(): Promise<Trap> {
  let count = 0;
  const server = createServer((socket) => {
    count += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { port, count: () => count, close: () => server.close() };
}
