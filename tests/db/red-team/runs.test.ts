import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CATALOGUE } from '#lib/core/red-team/catalogue.ts';
import { exportConfig } from '#lib/server/apply/export-config.ts';
import { changeCalibration } from '#lib/server/calibration/calibration-settings.ts';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { readKillSwitch } from '#lib/server/kill-switch/read-kill-switch.ts';
import { readOverview } from '#lib/server/overview/read-overview.ts';
import { PLAYS } from '#lib/server/red-team/plays.ts';
import { setUpRedTeam } from '#lib/server/red-team/set-up.ts';
import { startTestGateway } from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation, recordedEvents, withRoles } from '#tests/fixtures/installation.ts';
import { redTeamDeps, runNow, setUp } from '#tests/fixtures/red-team.ts';

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

test('only an admin sets it up, and once; nothing of it can reach anything', async () => {
  const refused = await setUpRedTeam(at, withRoles(at.admin, ['security', 'reviewer']));
  assert.equal(!refused.ok && refused.error.code, 'not-allowed');
  await setUp(at);
  const again = await setUpRedTeam(at, at.admin);
  assert.equal(!again.ok && again.error.code, 'conflict');
  const servers = await at.prisma.server.findMany();
  assert.deepEqual(servers.map(({ name, transport, status }) => [name, transport, status]).sort(), [
    ['red-team-sink', 'external', 'active'],
    ['red-team-vault', 'http', 'disabled'],
  ]);
  const entries = await at.prisma.egressEntry.findMany();
  assert.ok(entries.every(({ host }) => host.endsWith('.invalid')));
  const file = await exportConfig(at.prisma);
  assert.doesNotMatch(file, /red-team/, 'a file that named it could not be applied elsewhere');
  const { sealed } = await at.prisma.redTeamSettings.findUniqueOrThrow({ where: { id: 1 } });
  assert.doesNotMatch(Buffer.from(sealed ?? []).toString('latin1'), /css_|canary/);
});

test('every scenario of the catalogue has a play, and every play a scenario', () => {
  assert.deepEqual(Object.keys(PLAYS).sort(), CATALOGUE.map(({ id }) => id).sort());
});

test('every scenario holds in an installation as it comes, and the run leaves nothing behind', async () => {
  await at.prisma.auditInbox.deleteMany();
  const run = await runNow(at, redTeamDeps(at, gateway));
  const fallen = run.results
    .filter(({ verdict }) => verdict !== 'pass')
    .map(({ scenario, verdict, observed }) => `${scenario}: ${verdict} ${JSON.stringify(observed)}`);
  assert.deepEqual(fallen, []);
  assert.equal(run.light, 'green');
  assert.equal(run.tripped, true);
  assert.equal(run.results.length, CATALOGUE.filter(({ path }) => path !== 'console').length);

  assert.equal(await at.prisma.approvalRequest.count({ where: { status: { in: ['pending', 'approved'] } } }), 0);
  assert.equal(await at.prisma.decisionCall.count({ where: { state: { in: ['pending', 'allowed'] } } }), 0);
  assert.equal(await at.prisma.sessionQuarantine.count({ where: { liftedAt: null } }), 0);
  assert.equal(await at.prisma.tool.count({ where: { pinState: { not: 'accepted' } } }), 0);
  const state = await readKillSwitch(at.prisma, at.admin);
  assert.deepEqual(
    state.scopes.filter(({ on }) => on),
    [],
  );
  const incidents = await at.prisma.incident.findMany();
  assert.deepEqual(
    incidents.map(({ kind, drill, state: now }) => [kind, drill, now]),
    [['drill', true, 'resolved']],
    'the deliberate failure was noticed, and ended by the run itself',
  );
  const types = (await recordedEvents(at.prisma)).map(({ type }) => type);
  for (const type of ['red-team.asked', 'red-team.started', 'red-team.staged', 'red-team.finished']) {
    assert.ok(types.includes(type), type);
  }
});

test('what the red team asks counts in no figure and nobody plants in its name', async () => {
  const overview = await readOverview(at.prisma);
  assert.equal(overview.pending.total, 0);
  assert.deepEqual(overview.agents, { active: 0, revoked: 0 });
  assert.equal(overview.servers.high, 0);
  assert.equal(overview.servers.disabled, 0);
  assert.equal(overview.setUp.hasCall, false);
  assert.equal(overview.redTeam?.light, 'green');
  assert.ok((await changeCalibration(at, at.admin, { enabled: true })).ok);
});
