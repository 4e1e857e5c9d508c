// The solo rule is for whoever was alone when they opened and is alone when they confirm.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { confirmWindow } from '#lib/server/observe/confirm-window.ts';
import { listWindows } from '#lib/server/observe/list-windows.ts';
import { openWindow } from '#lib/server/observe/open-window.ts';
import { changePerson } from '#lib/server/people/change-person.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';

let at: Installation;
let eve: HumanPrincipal;
before(async () => {
  at = await openInstallation();
  eve = await addPerson(at, 'eve', ['admin', 'reviewer', 'security']);
});
after(() => at.close());

test('locking the others out for a moment does not let who opened a window confirm it', async () => {
  const opened = await openWindow(at, eve, { scope: 'control:approvals', minutes: 60, reason: 'x' });
  assert.ok(opened.ok);
  await changePerson(at, eve, at.admin.id, { roles: ['admin'] });
  await at.prisma.$executeRaw`UPDATE observe_windows SET opened_at = opened_at - interval '61 seconds'`;
  const proven = { ...eve, reauthAt: new Date() };
  const done = await confirmWindow(at, proven, opened.value.id);
  assert.equal(done.ok ? 'done' : done.error.code, 'second-person-needed');
  assert.equal((await listWindows(at.prisma, eve)).items[0]?.confirmableAt, null);
});
