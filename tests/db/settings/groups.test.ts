import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { changeGroup, createGroup } from '#lib/server/groups/change-group.ts';
import { listGroups } from '#lib/server/groups/list-groups.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';
import { publish } from '#tests/fixtures/policies.ts';

let at: Installation;
let ben: HumanPrincipal;
let cleo: HumanPrincipal;
before(async () => {
  at = await openInstallation();
  ben = await addPerson(at, 'ben');
  cleo = await addPerson(at, 'cleo', ['reviewer', 'security']);
});
after(() => at.close());

const codeOf = (answer: { ok: true } | { ok: false; error: { code: string } }) =>
  answer.ok ? 'done' : answer.error.code;
const membersOf = async (name: string) =>
  (await listGroups(at.prisma)).items.find((group) => group.name === name)?.members.map((member) => member.email) ??
  null;
const NOBODY = '01900000-0000-7000-8000-000000000000';

test('a group begins with its first members, and its name is taken from then on', async () => {
  const input = { name: 'platform-team', memberIds: [ben.id, cleo.id] };
  assert.equal(codeOf(await createGroup(at, at.admin, input)), 'done');
  assert.deepEqual(await membersOf('platform-team'), ['ben@example.com', 'cleo@example.com']);
  assert.equal(codeOf(await createGroup(at, at.admin, { ...input, memberIds: [at.admin.id] })), 'name-taken');
  const changes = (await recordedEvents(at.prisma)).filter((event) => event.text.includes('"groups":"platform-team"'));
  assert.equal(changes.length, 2);
});

test('people come and go in one step, all or none, and other groups of theirs stay', async () => {
  assert.equal(codeOf(await createGroup(at, at.admin, { name: 'nights', memberIds: [ben.id] })), 'done');
  const swap = { add: [at.admin.id], remove: [ben.id] };
  assert.equal(codeOf(await changeGroup(at, at.admin, 'nights', swap)), 'done');
  assert.deepEqual(await membersOf('nights'), ['ana@example.com']);
  assert.deepEqual(await membersOf('platform-team'), ['ben@example.com', 'cleo@example.com']);
  const half = { add: [cleo.id, NOBODY], remove: [] };
  assert.equal(codeOf(await changeGroup(at, at.admin, 'nights', half)), 'not-found');
  assert.deepEqual(await membersOf('nights'), ['ana@example.com']);
});

test('only an admin moves people', async () => {
  const { length } = await recordedEvents(at.prisma);
  assert.equal(codeOf(await changeGroup(at, cleo, 'nights', { add: [cleo.id], remove: [] })), 'not-allowed');
  assert.equal(codeOf(await createGroup(at, ben, { name: 'mine', memberIds: [ben.id] })), 'not-allowed');
  assert.equal((await recordedEvents(at.prisma)).length, length);
});

test('a group that a rule asks and nobody is in is listed, because its requests can never be decided', async () => {
  // biome-ignore lint/suspicious/noThenProperty: the word of countersign.yaml; a rule is never awaited.
  const hold = { name: 'two-for-deploys', when: { classes: ['deploy'] }, then: 'hold', from: ['release'] } as const;
  await publish(at, at.admin, [{ ...hold, escalate: [{ afterS: 60, groups: ['nights'] }] }]);
  const { items } = await listGroups(at.prisma);
  const named = (name: string) => items.find((group) => group.name === name);
  assert.deepEqual([named('release')?.members, named('release')?.rules], [[], ['two-for-deploys']]);
  assert.deepEqual(named('nights')?.rules, ['two-for-deploys']);
  assert.deepEqual(named('platform-team')?.rules, []);
});

test('an emptied group that nothing names is gone', async () => {
  assert.equal(codeOf(await createGroup(at, at.admin, { name: 'short', memberIds: [ben.id] })), 'done');
  assert.equal(codeOf(await changeGroup(at, at.admin, 'short', { add: [], remove: [ben.id] })), 'done');
  assert.equal(await membersOf('short'), null);
});
