import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import pg from 'pg';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import type { Result } from '#lib/core/result.ts';
import { recordEvent } from '#lib/server/audit/record-event.ts';
import { reauthenticate } from '#lib/server/auth/reauthenticate.ts';
import { confirmWindow } from '#lib/server/observe/confirm-window.ts';
import { endWindow, sweepWindows } from '#lib/server/observe/end-window.ts';
import { listWindows } from '#lib/server/observe/list-windows.ts';
import { openWindow } from '#lib/server/observe/open-window.ts';
import { changePerson } from '#lib/server/people/change-person.ts';
import { loadSnapshot } from '#lib/server/snapshot/load-snapshot.ts';
import { makeEvent, makeLogSigning, stepLog } from '#tests/fixtures/audit-log.ts';
import { type Installation, openInstallation, recordedEvents, withRoles } from '#tests/fixtures/installation.ts';
import { addPerson, PASSWORD, signInAs } from '#tests/fixtures/people.ts';
import { addShop, OPERATOR, publish, rule } from '#tests/fixtures/policies.ts';

let at: Installation;
let pool: pg.Pool;
let ana: HumanPrincipal;
let cleo: HumanPrincipal;
before(async () => {
  at = await openInstallation();
  pool = new pg.Pool({ connectionString: at.url, max: 1 });
  await addShop(at);
  ana = await signInAs(at, at.admin.email);
  cleo = await addPerson(at, 'cleo', ['reviewer', 'security']);
  await publish(at, ana, [
    rule('no-tickets', 'deny', { when: { tools: ['ticket'] } }),
    rule('no-refunds', 'deny', { when: { classes: ['money'] } }),
  ]);
});
after(async () => {
  await pool.end();
  await at.close();
});
beforeEach(async () => {
  await at.prisma.observeWindow.deleteMany();
  await at.prisma.auditInbox.deleteMany();
});

const DAY = 24 * 60;
const TERMS = { scope: 'rule:no-tickets', minutes: 60, reason: 'first week' };
const codeOf = (done: Result<unknown, { readonly code: string }>) => (done.ok ? 'done' : done.error.code);
async function opened(over: Partial<typeof TERMS> = {}, by = ana): Promise<string> {
  const done = await openWindow(at, by, { ...TERMS, ...over });
  assert.ok(done.ok, JSON.stringify(done));
  return done.value.id;
}
async function running(over: Partial<typeof TERMS> = {}): Promise<string> {
  const id = await opened(over);
  assert.equal(codeOf(await confirmWindow(at, cleo, id)), 'done');
  return id;
}
const listed = async (id: string, reader = ana) =>
  (await listWindows(at.prisma, reader)).items.find((w) => w.id === id);
const types = async () => (await recordedEvents(at.prisma)).map(({ type }) => type);
const scopes = async () => {
  const snapshot = await loadSnapshot(pool);
  return snapshot.observe.map(({ scope }) => scope);
};
const age = (seconds: number) =>
  at.prisma.$executeRaw`UPDATE observe_windows SET opened_at = opened_at - make_interval(secs => ${seconds}::int),
    starts_at = starts_at - make_interval(secs => ${seconds}::int), ends_at = ends_at - make_interval(secs => ${seconds}::int)`;

test('one asks, another confirms, and only then calls pass; both are on record', async () => {
  const id = await opened();
  assert.deepStrictEqual(await scopes(), []);
  assert.deepStrictEqual([(await listed(id))?.startsAt, (await listed(id))?.openedByMe], [null, true]);
  assert.equal(codeOf(await confirmWindow(at, ana, id)), 'second-person-needed');
  assert.equal(codeOf(await confirmWindow(at, OPERATOR, id)), 'done');
  assert.deepStrictEqual(await scopes(), ['rule:no-tickets']);
  const shown = await listed(id, cleo);
  assert.equal(Date.parse(shown?.endsAt ?? '') - Date.parse(shown?.startsAt ?? ''), 3_600_000);
  assert.deepStrictEqual([shown?.confirmedBy, shown?.openedByMe, shown?.confirmableAt], ['operator', false, null]);
  assert.deepStrictEqual(await types(), ['observe.opened', 'observe.started']);
  assert.equal(codeOf(await confirmWindow(at, cleo, id)), 'conflict');
});

test('the gateways learn of it with the next version of the configuration', async () => {
  const version = async () => (await at.prisma.configHead.findUniqueOrThrow({ where: { id: 1 } })).version;
  const before = await version();
  const id = await running();
  const started = await version();
  assert.ok(started > before);
  await endWindow(at, cleo, id);
  assert.ok((await version()) > started);
});

test('a reviewer alone neither opens nor confirms nor ends one, and the role counts when it is used', async () => {
  const id = await opened();
  const reviewer = withRoles(cleo, ['reviewer']);
  for (const done of [
    await openWindow(at, reviewer, { ...TERMS, scope: 'server:shop' }),
    await confirmWindow(at, reviewer, id),
    await endWindow(at, reviewer, id),
  ]) {
    assert.equal(codeOf(done), 'not-allowed');
  }
  const eve = await addPerson(at, 'eve', ['admin']);
  await endWindow(at, ana, id);
  const own = await opened({}, eve);
  await changePerson(at, at.admin, eve.id, { roles: ['reviewer'] });
  assert.equal(codeOf(await confirmWindow(at, cleo, own)), 'conflict');
});

for (const [scope, minutes, expected] of [
  ['rule:no-such-rule', 60, 'invalid-request'],
  ['server:no-such-server', 60, 'invalid-request'],
  ['server:shop', 7 * DAY, 'done'],
  ['server:shop', 7 * DAY + 1, 'invalid-request'],
  ['control:approvals', 7 * DAY + 1, 'invalid-request'],
  ['rule:no-refunds', 7 * DAY + 1, 'invalid-request'],
  ['rule:no-tickets', 30 * DAY, 'done'],
  ['rule:no-tickets', 30 * DAY + 1, 'invalid-request'],
] as const) {
  test(`${scope} for ${minutes} minutes: ${expected}`, async () => {
    assert.equal(codeOf(await openWindow(at, ana, { ...TERMS, scope, minutes })), expected);
  });
}

test('what became sensitive while it waited is not confirmed for so long', async () => {
  const id = await opened({ minutes: 8 * DAY });
  await at.prisma.tool.updateMany({ where: { name: 'ticket' }, data: { tier: 'high', actionClass: 'money' } });
  assert.equal(codeOf(await confirmWindow(at, cleo, id)), 'invalid-request');
  await at.prisma.tool.updateMany({ where: { name: 'ticket' }, data: { tier: 'medium', actionClass: 'ticketing' } });
});

test('a scope has one window at a time, also when two ask at once', async () => {
  const asked = await Promise.all([openWindow(at, ana, TERMS), openWindow(at, cleo, TERMS)]);
  assert.deepStrictEqual(asked.map(codeOf).sort(), ['conflict', 'done']);
  assert.equal(codeOf(await openWindow(at, cleo, { ...TERMS, scope: 'rule:no-refunds' })), 'done');
});

test('one that nobody confirmed for a day is over, and can be asked for anew', async () => {
  const id = await opened();
  await age(DAY * 60);
  assert.equal(codeOf(await confirmWindow(at, cleo, id)), 'conflict');
  assert.notEqual((await listed(id))?.endedAt, null);
  assert.equal(codeOf(await openWindow(at, ana, TERMS)), 'done');
});

test('one person ends it at once, and ending it again changes nothing', async () => {
  const id = await running();
  assert.equal(codeOf(await endWindow(at, ana, id)), 'done');
  assert.deepStrictEqual(await scopes(), []);
  assert.equal(codeOf(await endWindow(at, cleo, id)), 'done');
  assert.deepStrictEqual((await types()).filter((type) => type === 'observe.ended').length, 1);
  const waiting = await opened();
  assert.equal(codeOf(await endWindow(at, cleo, waiting)), 'done');
  assert.equal(codeOf(await confirmWindow(at, cleo, waiting)), 'conflict');
});

test('it ends by itself, and that is written down once', async () => {
  const id = await running();
  assert.equal(await sweepWindows(at.prisma, at.keys), 0);
  await age(3600);
  assert.deepStrictEqual(await scopes(), []);
  const swept = await Promise.all([sweepWindows(at.prisma, at.keys), sweepWindows(at.prisma, at.keys)]);
  assert.deepStrictEqual(swept.sort(), [0, 1]);
  assert.equal((await types()).at(-1), 'observe.ended');
  const shown = await listed(id);
  assert.equal(shown?.endedAt, shown?.endsAt);
});

test('what it let pass is counted from the log, by scope and only while it ran', async () => {
  const log = await stepLog(at.url);
  const pass = (decision: string, scope: string) =>
    at.prisma.$transaction((tx) =>
      recordEvent(tx, at.keys, {
        ...makeEvent({ agent: 'bot', server: 'shop', tool: 'ticket' }),
        decision,
        detail: { scope },
      }),
    );
  await pass('observed-deny', 'rule:no-tickets');
  const id = await running();
  await pass('observed-deny', 'rule:no-tickets');
  await pass('observed-deny', 'rule:no-tickets');
  await pass('observed-hold', 'rule:no-tickets');
  await pass('observed-deny', 'rule:no-refunds');
  await pass('allow', 'rule:no-tickets');
  await log.drainAndPublish(makeLogSigning());
  const shown = await listed(id);
  assert.deepStrictEqual([shown?.wouldDeny, shown?.wouldHold], [2, 1]);
  await log.close();
});

test('alone, the same person confirms a minute later, with the password again', async () => {
  const solo = await openInstallation();
  await addShop(solo);
  const only = await signInAs(solo, solo.admin.email);
  const done = await openWindow(solo, only, { ...TERMS, scope: 'server:shop' });
  assert.ok(done.ok);
  const { id } = done.value;
  const proven = await reauthenticate(solo.prisma, only, PASSWORD);
  assert.ok(proven.ok);
  const proof = { ...only, reauthAt: proven.value.reauthAt };
  assert.equal(codeOf(await confirmWindow(solo, proof, id)), 'too-early');
  const [shown] = (await listWindows(solo.prisma, only)).items;
  assert.equal(Date.parse(shown?.confirmableAt ?? '') - Date.parse(shown?.openedAt ?? ''), 60_000);
  await solo.prisma.$executeRaw`UPDATE observe_windows SET opened_at = opened_at - interval '61 seconds'`;
  const stale = { ...only, reauthAt: new Date(Date.now() - 3_600_000) };
  assert.equal(codeOf(await confirmWindow(solo, stale, id)), 'step-up-required');
  assert.equal(codeOf(await confirmWindow(solo, proof, id)), 'done');
  const last = (await recordedEvents(solo.prisma)).findLast(({ type }) => type === 'observe.started');
  assert.match(last?.text ?? '', /"separation":"solo"/);
  await solo.close();
});
