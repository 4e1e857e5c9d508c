import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { forecastSchema, rolloutSchema } from '#lib/contracts/rollout.ts';
import { openWindow } from '#lib/server/observe/open-window.ts';
import { command, pretendToRun } from '#tests/fixtures/command-line.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addShop } from '#tests/fixtures/policies.ts';

let at: Installation;
before(async () => {
  at = await openInstallation();
  pretendToRun(at);
  await addShop(at);
});
after(() => at?.close());

test('the operator reads at the host what the page says', async () => {
  const opened = await openWindow(at, at.admin, { scope: 'control:approvals', minutes: 60, reason: 'try it' });
  assert.ok(opened.ok);
  const { code, out, err } = await command(at.dataDir, 'rollout', '--zone', 'Europe/Berlin');
  assert.equal(code, 0, err);
  assert.match(out, /^Week 1 of 4, since \d{4}-/);
  assert.match(out, /^ {2}\[x\] Every server and its tools are registered: 1 server, 4 tools accepted\.$/m);
  assert.match(out, /^ {2}\[ \] Reviewers are told of what waits: No channel is switched on\.$/m);
  assert.match(out, /^ {2}\[-\] Upstream secrets are rotated: /m);
  assert.match(
    out,
    /^Default-deny for high risk +enforced +0 calls .* control:approvals waits for a second person\.$/m,
  );
  assert.match(out, /^Forecast: no call was recorded in 30 days\.$/m);
  const json = JSON.parse((await command(at.dataDir, 'rollout', '--json')).out);
  assert.equal(rolloutSchema.parse(json.rollout).weeks.length, 4);
  assert.equal(forecastSchema.parse(json.forecast).calls, 0);
});

test('a zone that there is not is refused', async () => {
  assert.equal((await command(at.dataDir, 'rollout', '--zone', 'Nowhere/Land')).code, 1);
});
