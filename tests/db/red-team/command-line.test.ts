import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { workRuns } from '#lib/server/red-team/work-runs.ts';
import { command, pretendToRun } from '#tests/fixtures/command-line.ts';
import { eventually, startTestGateway } from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { leaveRedRun, redTeamDeps, setUp } from '#tests/fixtures/red-team.ts';

let at: Installation;
let gateway: Gateway;
const run = (...argv: string[]) => command(at.dataDir, 'red-team', ...argv);
before(async () => {
  at = await openInstallation();
  pretendToRun(at);
  gateway = await startTestGateway(at);
});
after(async () => {
  await gateway?.close();
  await at?.close();
});

test('before it is set up there is nothing to run and nothing to report, and the exit code says so', async () => {
  const early = await run('run');
  assert.equal(early.code, 1);
  assert.match(early.err, /not set up/);
  const report = await run('report');
  assert.equal(report.code, 1);
  assert.match(report.err, /an admin does that at \/red-team/);
});

test('a run is asked for, waited for and told by family; one in which something gets through ends with 1', async () => {
  await setUp(at);
  const asked = run('run');
  await eventually('the run to be taken', () => workRuns(redTeamDeps(at, gateway)));
  const green = await asked;
  assert.equal(green.code, 0, green.err);
  assert.match(green.out, /green +\d+ of \d+ held/);
  assert.match(green.out, /^Approval bypass +6\/6 +-$/m);
  assert.match(green.out, /Nothing else to tell/);
  const json = JSON.parse((await run('report', '--json')).out);
  assert.equal(json.run.light, 'green');

  await leaveRedRun(at, { 'agent-votes': 'regressed', 'metadata-service': 'unproven' });
  const red = await run('report');
  assert.equal(red.code, 1);
  assert.match(red.err, /^regressed +fail +An agent approves its own call$/m);
  assert.match(red.err, /^unproven +error +The metadata services of clouds$/m);
});
