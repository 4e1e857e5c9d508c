import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { reauthenticate } from '#lib/server/auth/reauthenticate.ts';
import { kill } from '#lib/server/kill-switch/kill.ts';
import { readKillSwitch } from '#lib/server/kill-switch/read-kill-switch.ts';
import { confirmRestore, openRestore } from '#lib/server/kill-switch/restore.ts';
import { changePerson } from '#lib/server/people/change-person.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { addPerson, PASSWORD, signInAs } from '#tests/fixtures/people.ts';

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

test('who is alone only for the moment of the completion does not restore alone', async () => {
  const ana = { ...(await signInAs(at, at.admin.email)), reauthAt: new Date(Date.now() + 60_000) };
  const ben = await addPerson(at, 'ben', ['reviewer']);
  assert.ok((await kill(at, ana, { scope: 'everything', reason: 'drill' })).ok);
  const opened = await openRestore(at, ana, { scope: 'everything', reason: 'over' });
  assert.ok(opened.ok);
  assert.ok((await changePerson(at, ana, ben.id, { roles: ['security'] })).ok);
  await at.prisma.$executeRaw`UPDATE kill_restores SET opened_at = opened_at - interval '61 seconds'`;
  const answer = await confirmRestore(at, ana, opened.value.id);
  assert.equal(answer.ok ? 'done' : answer.error.code, 'second-person-needed');
  // Opened again while alone, the solo rule holds.
  await at.prisma.$executeRaw`UPDATE kill_restores SET expires_at = clock_timestamp() WHERE completed_at IS NULL`;
  const again = await openRestore(at, ana, { scope: 'everything', reason: 'over' });
  assert.ok(again.ok);
  await at.prisma.$executeRaw`UPDATE kill_restores SET opened_at = opened_at - interval '61 seconds'`;
  assert.ok((await confirmRestore(at, ana, again.value.id)).ok);
});
