// Nobody makes their own emergency: who switched break-glass on or put themselves into its group does not open one.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { judgeOpener } from '#lib/server/break-glass/judge-opener.ts';
import { changePerson } from '#lib/server/people/change-person.ts';
import { changeSettings } from '#lib/server/settings/change-settings.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';

let at: Installation;
let ana: HumanPrincipal;
let eve: HumanPrincipal;
before(async () => {
  at = await openInstallation();
  ana = at.admin;
  eve = await addPerson(at, 'eve', ['admin', 'reviewer']);
});
after(() => at.close());
beforeEach(async () => {
  await at.prisma.settings.update({ where: { id: 1 }, data: { breakGlassEnabled: false, breakGlassChangedAt: null } });
  await at.prisma.person.updateMany({
    data: { groups: [], groupsChangedAt: null, groupsChangedBy: null, subject: null },
  });
});

const switchOn = async (by: HumanPrincipal) =>
  assert.ok(
    (
      await changeSettings(
        at,
        { ...by, reauthAt: new Date() },
        { breakGlassEnabled: true, breakGlassGroup: 'mine', reason: 'r' },
      )
    ).ok,
  );
const putIn = async (by: HumanPrincipal, who: HumanPrincipal, ...groups: string[]) =>
  assert.ok((await changePerson(at, by, who.id, { groups: ['mine', ...groups] })).ok);
async function answer(who = eve): Promise<string> {
  const may = await judgeOpener(at.prisma, who.id);
  return may.ok ? 'may' : may.error.code;
}

test('with the settings and the group of somebody else, one opens', async () => {
  await switchOn(ana);
  await putIn(ana, eve);
  assert.equal(await answer(), 'may');
});

test('who switched it on does not open one for a day', async () => {
  await switchOn(eve);
  await putIn(ana, eve);
  assert.equal(await answer(), 'second-person-needed');
  await at.prisma
    .$executeRaw`UPDATE settings SET break_glass_changed_at = break_glass_changed_at - interval '25 hours'`;
  assert.equal(await answer(), 'may');
});

test('who put themselves into the group does not open one for a day, also when another changes their groups', async () => {
  await switchOn(ana);
  await putIn(eve, eve);
  assert.equal(await answer(), 'second-person-needed');
  await putIn(ana, eve, 'night');
  assert.equal(await answer(), 'second-person-needed');
  await at.prisma.$executeRaw`UPDATE people SET groups_changed_at = groups_changed_at - interval '25 hours'`;
  assert.equal(await answer(), 'may');
});

test('the other account of the same human counts as themselves', async () => {
  await at.prisma.person.updateMany({ where: { id: { in: [ana.id, eve.id] } }, data: { subject: 'idp|eve' } });
  await switchOn(ana);
  await putIn(ana, eve);
  assert.equal(await answer(), 'second-person-needed');
});

test('who was alone then and is alone now opens one; who is alone only now does not', async () => {
  await changePerson(at, eve, ana.id, { roles: ['admin'] });
  await switchOn(eve);
  await putIn(eve, eve);
  assert.equal(await answer(), 'may');
  await changePerson(at, eve, ana.id, { roles: ['admin', 'reviewer', 'security'] });
  assert.equal(await answer(), 'second-person-needed');
});
