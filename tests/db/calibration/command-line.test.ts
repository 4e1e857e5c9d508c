import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeAgent } from '#tests/fixtures/agents.ts';
import { command, pretendToRun } from '#tests/fixtures/command-line.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';

let at: Installation;
const run = (...argv: string[]) => command(at.dataDir, 'calibration', ...argv);
before(async () => {
  at = await openInstallation();
  pretendToRun(at);
  await makeAgent(at, { name: 'release-bot' });
});
after(() => at?.close());

test('the operator switches planting on, plants one, sees figures and no plant that is open, and switches it off', async () => {
  assert.equal((await run('plant')).code, 1, 'not before it is on');
  const on = await run('on', '--per-week', '3', '--server', 'ops-tools');
  assert.equal(on.code, 0, on.err);
  assert.match(on.out, /About 3 a week .* ops-tools/);
  const planted = await run('plant', '--within-minutes', '0');
  assert.match(planted.out, /within 0 minutes/);
  const shown = await run('show', '--json');
  const data = JSON.parse(shown.out);
  assert.deepEqual(data.plants, []);
  assert.equal(data.ahead, 1);
  assert.match((await run('show')).out, /^Ana +0 +0 +- +0 +none yet +none yet/m);
  assert.equal((await run('off')).code, 0);
  assert.match((await run('show')).out, /Planting is off/);
});

test('a number that makes no sense is wrong usage', async () => {
  assert.equal((await run('on', '--per-week', '200')).code, 2);
  assert.equal((await run('plant', '--within-minutes', 'soon')).code, 2);
});
