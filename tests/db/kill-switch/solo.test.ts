import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { reauthenticate } from '#lib/server/auth/reauthenticate.ts';
import { kill } from '#lib/server/kill-switch/kill.ts';
import { readKillSwitch } from '#lib/server/kill-switch/read-kill-switch.ts';
import { confirmRestore, openRestore } from '#lib/server/kill-switch/restore.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { PASSWORD, signInAs } from '#tests/fixtures/people.ts';

let at: Installation;
before(async () => {
  at = await openInstallation();
});
after(() => at.close());

test('alone, one restores after a minute and the password again, and not before', async () => {
  const ana = await signInAs(at, at.admin.email);
  assert.ok((await kill(at, ana, { scope: 'everything', reason: 'drill' })).ok);
  const opened = await openRestore(at, ana, { scope: 'everything', reason: 'over' });
  assert.ok(opened.ok);
  const codeOf = async (who = ana) => {
    const answer = await confirmRestore(at, who, opened.value.id);
    return answer.ok ? 'done' : answer.error.code;
  };
  const shown = (await readKillSwitch(at.prisma, ana)).restores[0];
  assert.equal(Date.parse(shown?.confirmableAt ?? '') - Date.parse(shown?.openedAt ?? ''), 60_000);
  assert.equal(await codeOf(), 'too-early');
  await at.prisma.$executeRaw`UPDATE kill_restores SET opened_at = opened_at - interval '61 seconds'`;
  const before = { ...ana, reauthAt: new Date(Date.now() - 3_600_000) };
  assert.equal(await codeOf(before), 'step-up-required');
  const wrong = await reauthenticate(at.prisma, ana, 'wrong password');
  assert.equal(wrong.ok ? 'proven' : wrong.error.code, 'step-up-required');
  const proven = await reauthenticate(at.prisma, ana, PASSWORD);
  assert.ok(proven.ok);
  assert.equal(await codeOf({ ...ana, reauthAt: proven.value.reauthAt }), 'done');
  const off = (await recordedEvents(at.prisma)).find((event) => event.type === 'kill.off');
  assert.match(off?.text ?? '', /"separation":"solo"/);
});
