// Whoever lowered what a call counts as, by whatever way, does not approve it for a day.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { writeConfig } from '#lib/server/db/config-write.ts';
import { confirmWindow } from '#lib/server/observe/confirm-window.ts';
import { openWindow } from '#lib/server/observe/open-window.ts';
import { changePerson } from '#lib/server/people/change-person.ts';
import { loosenedBy } from '#lib/server/policies/loosened-by.ts';
import { changeServer } from '#lib/server/servers/change-server.ts';
import { declareTools } from '#lib/server/servers/declare-tools.ts';
import { changeTool } from '#lib/server/servers/tag-tool.ts';
import { changeSettings } from '#lib/server/settings/change-settings.ts';
import { type HeldCalls, holdCalls } from '#tests/fixtures/held-calls.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';
import { inForce, rule } from '#tests/fixtures/policies.ts';
import { sayOn } from '#tests/fixtures/reviewers.ts';

let at: Installation;
let held: HeldCalls;
let ana: HumanPrincipal;
let eve: HumanPrincipal;
let dan: HumanPrincipal;
before(async () => {
  at = await openInstallation();
  ana = at.admin;
  held = await holdCalls(at);
  eve = await addPerson(at, 'eve', ['admin', 'reviewer', 'security']);
  dan = await addPerson(at, 'dan', ['reviewer']);
  await inForce(at, eve, ana, [rule('secret', 'hold', { when: { tiers: ['high'] }, quorum: 2 })]);
});
after(async () => {
  await held.close();
  await at.close();
});
beforeEach(async () => {
  await at.prisma.$executeRaw`UPDATE policy_versions SET published_at = published_at - interval '2 days'`;
  await at.prisma.$executeRaw`UPDATE tools SET tagged_at = NULL, tagged_by = NULL, tier = 'high'`;
  await at.prisma.$executeRaw`UPDATE servers SET tier = 'high'`;
  await at.prisma.toolTagChange.deleteMany();
});

const exec = { agent: 'runner', server: 'host', tool: 'exec', tier: 'high', actionClass: 'shell', args: {} } as const;
const lowerServer = async (by: HumanPrincipal, tier: 'low' | 'medium' | 'high') =>
  assert.ok((await changeServer(at, by, 'host', { tier, reason: 'x' })).ok);

test('whoever lowered the server of an untagged tool does not approve its calls, until a day is over', async () => {
  await lowerServer(eve, 'medium');
  const request = await held.hold({ quorum: 1 });
  assert.equal(await sayOn(at, eve, request, 'approve'), 'self-approval');
  await at.prisma.$executeRaw`UPDATE tool_tag_changes SET at = at - interval '25 hours'`;
  assert.deepEqual(await loosenedBy(at.prisma, { ...exec, tier: 'medium' }), []);
});

test('a lowering that was taken back bars nobody, and one of somebody else bars only them', async () => {
  await lowerServer(eve, 'medium');
  await lowerServer(ana, 'high');
  assert.deepEqual(await loosenedBy(at.prisma, exec), []);
  await lowerServer(ana, 'medium');
  assert.deepEqual([...(await loosenedBy(at.prisma, { ...exec, tier: 'medium' }))].sort(), [ana.id, eve.id].sort());
});

test('a retag by somebody else does not hide who lowered the tool', async () => {
  assert.ok((await changeTool(at, eve, 'host', 'exec', { tier: 'medium', reason: 'x' })).ok);
  assert.ok((await changeTool(at, ana, 'host', 'exec', { class: 'deploy', reason: 'x' })).ok);
  const people = await loosenedBy(at.prisma, { ...exec, tier: 'medium', actionClass: 'deploy' });
  assert.ok(people.includes(eve.id));
});

test('whoever declared the tool anew at a lower tier', async () => {
  const tools = [
    { name: 'exec', class: 'shell' as const, tier: 'medium' as const, description: 'Runs a command', reason: 'x' },
  ];
  const host = await at.prisma.server.findUniqueOrThrow({ where: { name: 'host' } });
  const declared = await writeConfig(at, eve, (write) => declareTools(write, host, tools));
  assert.ok(declared.ok, JSON.stringify(declared));
  assert.deepEqual(await loosenedBy(at.prisma, { ...exec, tier: 'medium' }), [eve.id]);
});

test('whoever asked for the window that suspends the rule, or shortened the undo window', async () => {
  assert.deepEqual(await loosenedBy(at.prisma, exec), []);
  const opened = await openWindow(at, eve, { scope: 'rule:secret', minutes: 60, reason: 'x' });
  assert.ok(opened.ok && (await confirmWindow(at, ana, opened.value.id)).ok);
  assert.deepEqual(await loosenedBy(at.prisma, exec), [eve.id]);
  await at.prisma.observeWindow.deleteMany();
  await at.prisma.settings.update({ where: { id: 1 }, data: { undoHighS: 60 } });
  assert.ok((await changeSettings(at, { ...eve, reauthAt: new Date() }, { undoHighS: 5, reason: 'x' })).ok);
  assert.ok((await changeSettings(at, ana, { undoHighS: 10, reason: 'x' })).ok);
  assert.deepEqual(await loosenedBy(at.prisma, exec), [eve.id]);
  await at.prisma.settings.update({ where: { id: 1 }, data: { undoHighS: 0, undoHighLoweredAt: null } });
});

test('being alone for a moment does not lift it', async () => {
  await lowerServer(eve, 'medium');
  const request = await held.hold({ quorum: 1 });
  for (const { id } of [ana, dan]) assert.ok((await changePerson(at, eve, id, { roles: ['admin'] })).ok);
  assert.equal(await sayOn(at, eve, request, 'approve'), 'self-approval');
  for (const { id } of [ana, dan]) await changePerson(at, eve, id, { roles: ['admin', 'reviewer', 'security'] });
});

test('what the host operator let free as the second person stays free when a vote asks again', async () => {
  const frees = rule('free', 'allow', { when: { tools: ['exec'] }, frees: true });
  await inForce(at, eve, ana, [frees]);
  await at.prisma
    .$executeRaw`UPDATE policy_versions SET approved_by = NULL, published_at = published_at - interval '2 days'`;
  await at.prisma.settings.update({ where: { id: 1 }, data: { undoHighS: 60 } });
  const request = await held.hold({ terms: { undoS: 0 } });
  await sayOn(at, dan, request, 'approve');
  const row = await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id: request.id } });
  assert.deepEqual([row.status, row.undoS], ['approved', 0]);
});
