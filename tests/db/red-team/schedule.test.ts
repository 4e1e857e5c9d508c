import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { kill } from '#lib/server/kill-switch/kill.ts';
import { askForRun, scheduleRun } from '#lib/server/red-team/ask-for-run.ts';
import { changeSchedule } from '#lib/server/red-team/change-schedule.ts';
import { endDrillStop, stopDrillAgent } from '#lib/server/red-team/drill-stop.ts';
import { setStagedPin } from '#lib/server/red-team/staged-tool.ts';
import { workRuns } from '#lib/server/red-team/work-runs.ts';
import { startTestGateway } from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation, withRoles } from '#tests/fixtures/installation.ts';
import { redTeamDeps, setUp } from '#tests/fixtures/red-team.ts';

let at: Installation;
let gateway: Gateway;
before(async () => {
  at = await openInstallation();
  gateway = await startTestGateway(at);
});
after(async () => {
  await gateway?.close();
  await at?.close();
});

const runs = () => at.prisma.redTeamRun.findMany({ orderBy: { askedAt: 'asc' } });
const isStopped = async () => (await at.prisma.killState.findUnique({ where: { scope: 'agent:red-team-drill' } }))?.on;

test('nobody runs it before it is set up, a reviewer never, and two who ask together get one run', async () => {
  const early = await askForRun(at, at.admin);
  assert.equal(!early.ok && early.error.code, 'conflict');
  const off = await changeSchedule(at, at.admin, { enabled: true });
  assert.equal(!off.ok && off.error.code, 'conflict');
  await setUp(at);
  const refused = await askForRun(at, withRoles(at.admin, ['reviewer']));
  assert.equal(!refused.ok && refused.error.code, 'not-allowed');
  const both = await Promise.all([askForRun(at, at.admin), askForRun(at, at.admin)]);
  assert.equal(both.filter(({ ok }) => ok).length, 1);
  assert.equal(await scheduleRun(at, 'schedule'), false, 'one at a time, the schedule’s too');
  await assert.rejects(
    at.prisma.redTeamRun.create({ data: { id: crypto.randomUUID(), state: 'waiting', cause: 'person', askedBy: 'x' } }),
  );
});

test('a run whose worker died is broken off by the next one, which puts back what it had arranged', async () => {
  await stopDrillAgent(at);
  await setStagedPin(at, 'drifted');
  await at.prisma.$executeRaw`
    UPDATE red_team_runs SET state = 'running', started_at = clock_timestamp() - interval '2 minutes',
      beat_at = clock_timestamp() - interval '61 seconds'`;
  assert.equal(await workRuns(redTeamDeps(at, gateway)), false);
  const [run] = await runs();
  assert.equal(run?.state, 'broken-off');
  assert.equal(run?.light, null, 'it says nothing');
  assert.equal(await isStopped(), false);
  assert.equal(await at.prisma.tool.count({ where: { pinState: { not: 'accepted' } } }), 0);
});

test('a stop that a person gave stays, also where the red team had stopped the same agent before', async () => {
  await stopDrillAgent(at);
  assert.ok((await kill(at, at.admin, { scope: 'agent:red-team-drill', reason: 'it behaves oddly' })).ok);
  await endDrillStop(at);
  assert.equal(await isStopped(), true);
  await at.prisma.$executeRaw`UPDATE kill_state SET "on" = false`;
});

test('the schedule asks when a week is over, and after a change of build; a missed week is an incident', async () => {
  const deps = redTeamDeps(at, gateway, 'build-2');
  const stopped = { ...deps, signal: AbortSignal.abort() };
  assert.equal(await workRuns(stopped), false, 'nothing is due');
  await at.prisma.$executeRaw`UPDATE red_team_settings SET next_at = clock_timestamp(),
    scheduled_since = clock_timestamp() - interval '9 days'`;
  assert.equal(await workRuns(stopped), true);
  const weekly = (await runs()).at(-1);
  assert.equal(weekly?.cause, 'schedule');
  assert.equal(weekly?.state, 'broken-off', 'the worker was told to stop: no verdict');
  const { nextAt } = await at.prisma.redTeamSettings.findUniqueOrThrow({ where: { id: 1 } });
  assert.ok((nextAt?.getTime() ?? 0) > Date.now() + 6 * 86_400_000);
  const missed = () => at.prisma.incident.findMany({ where: { kind: 'red-team-missed' } });
  assert.equal((await missed())[0]?.state, 'open');

  await at.prisma.$executeRaw`UPDATE red_team_settings SET next_at = clock_timestamp()`;
  assert.equal(await workRuns(deps), true);
  assert.equal((await runs()).at(-1)?.state, 'finished');
  assert.equal((await missed())[0]?.state, 'resolved', 'a run that came ends it');

  assert.equal(await workRuns(redTeamDeps(at, gateway, 'build-3')), false, 'a change waits until the last run is old');
  await at.prisma.$executeRaw`UPDATE red_team_runs SET asked_at = asked_at - interval '11 minutes'`;
  assert.equal(await workRuns({ ...redTeamDeps(at, gateway, 'build-3'), signal: AbortSignal.abort() }), true);
  assert.equal((await runs()).at(-1)?.cause, 'change');
});

test('what its agents do during a run notifies nobody; outside of one it does', async () => {
  const played = async (type: string, agent: string | null, entry: string, ago: string) => {
    const [row] = await at.prisma.$queryRaw<{ yes: boolean }[]>`
      SELECT red_team_played(${type}, ${agent}, ${entry}, clock_timestamp() - ${ago}::interval) AS yes`;
    return row?.yes;
  };
  await at.prisma.$executeRaw`UPDATE red_team_runs SET started_at = clock_timestamp() - interval '1 hour 1 minute',
    finished_at = clock_timestamp() - interval '1 hour'`;
  const stop = '{"actor":{"id":"red team","name":"red team"},"detail":{"scope":"agent:red-team-drill"}}';
  assert.equal(await played('request.opened', 'red-team', '{}', '1 hour 30 seconds'), true);
  assert.equal(await played('kill.on', null, stop, '1 hour 30 seconds'), true);
  assert.equal(await played('request.opened', 'red-team', '{}', '1 minute'), false);
  assert.equal(await played('kill.on', null, stop, '1 minute'), false);
  assert.equal(await played('request.opened', 'release-bot', '{}', '1 hour 30 seconds'), false);
  assert.equal(await played('request.opened', null, '{}', '1 hour 30 seconds'), false);
  assert.equal(await played('kill.on', null, '{"detail":{"scope":"everything"}}', '1 hour 30 seconds'), false);
});

test('what was observed cannot be changed afterwards', async () => {
  await assert.rejects(at.prisma.$executeRaw`UPDATE red_team_results SET verdict = 'pass'`, /stays as it is/);
});
