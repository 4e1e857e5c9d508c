// A window over a rule, and what is published while it runs or waits.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import pg from 'pg';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { decide } from '#lib/core/policies/decide.ts';
import type { Rule } from '#lib/core/policies/rule.ts';
import { confirmWindow } from '#lib/server/observe/confirm-window.ts';
import { listWindows } from '#lib/server/observe/list-windows.ts';
import { openWindow } from '#lib/server/observe/open-window.ts';
import { loadSnapshot } from '#lib/server/snapshot/load-snapshot.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { addPerson, signInAs } from '#tests/fixtures/people.ts';
import { addShop, inForce, publish, rule } from '#tests/fixtures/policies.ts';

let at: Installation;
let pool: pg.Pool;
let ana: HumanPrincipal;
let cleo: HumanPrincipal;
before(async () => {
  at = await openInstallation();
  pool = new pg.Pool({ connectionString: at.url, max: 1 });
  await addShop(at);
  ana = await signInAs(at, at.admin.email);
  cleo = await addPerson(at, 'cleo', ['admin', 'security']);
});
after(async () => {
  await pool.end();
  await at.close();
});
beforeEach(async () => {
  await at.prisma.observeWindow.deleteMany();
  await inForce(at, ana, cleo, []);
  await at.prisma.auditInbox.deleteMany();
});

async function opened(scope: string, minutes = 60): Promise<string> {
  const done = await openWindow(at, ana, { scope, minutes, reason: 'first week' });
  assert.ok(done.ok, JSON.stringify(done));
  return done.value.id;
}
async function running(scope: string, minutes = 60): Promise<string> {
  const id = await opened(scope, minutes);
  const done = await confirmWindow(at, cleo, id);
  assert.ok(done.ok, JSON.stringify(done));
  return id;
}
const refund = async () => {
  const { rules, defaults } = await loadSnapshot(pool);
  const call = { agent: 'bot', server: 'shop', tool: 'refund', tier: 'high', actionClass: 'money' } as const;
  return decide({ rules, defaults, call: { ...call, args: {}, tainted: false, nowMs: Date.now() } });
};
const isOver = async (id: string) =>
  (await listWindows(at.prisma, ana)).items.find((window) => window.id === id)?.endedAt !== null;
const ends = async () => (await recordedEvents(at.prisma)).filter(({ type }) => type === 'observe.ended');

const noTickets = rule('no-tickets', 'deny', { when: { tools: ['ticket'] } });
const noMoney = { when: { classes: ['money'] } } satisfies Partial<Rule>;

test('a rule that takes the name of one in observe enforces, and the window is over', async () => {
  await inForce(at, ana, cleo, [noTickets, rule('no-refunds', 'deny', noMoney)]);
  const id = await running('rule:no-tickets', 30 * 24 * 60);
  await publish(at, ana, [rule('other', 'deny', { when: { tools: ['ticket'] } }), rule('no-tickets', 'deny', noMoney)]);
  assert.equal((await refund()).decision, 'deny');
  assert.equal(await isOver(id), true);
  const told = await ends();
  assert.equal(told.length, 1);
  assert.match(told[0]?.text ?? '', /"scope":"rule:no-tickets"/);
});

test('a rule in observe that is made wider holds what it now covers', async () => {
  const pk = rule('pk', 'hold', { when: { tools: ['refund'] }, quorum: 3, stepUp: 'passkey' });
  await inForce(at, ana, cleo, [rule('calm', 'hold', { when: { tools: ['search'], tiers: ['low'] } }), pk]);
  const id = await running('rule:calm', 30 * 24 * 60);
  await publish(at, ana, [rule('calm', 'hold', { quorum: 3, stepUp: 'passkey' })]);
  const { terms } = await refund();
  assert.deepStrictEqual([terms.quorum, terms.stepUp], [3, 'passkey']);
  assert.equal(await isOver(id), true);
});

for (const [how, start] of [
  ['is in observe', running],
  ['waits to be in observe', opened],
] as const) {
  test(`a deny that another one covers needs two people to go while that one ${how}`, async () => {
    const wide = rule('wide', 'deny');
    await inForce(at, ana, cleo, [wide, rule('no-refunds', 'deny', noMoney)]);
    await start('rule:wide');
    const done = await publish(at, ana, [wide]);
    assert.deepStrictEqual([done.status, done.comparison?.loosens], ['proposed', true]);
  });

  test(`what frees needs two people while the hold over it ${how}`, async () => {
    const asked = rule('asked', 'hold', noMoney);
    await inForce(at, ana, cleo, [asked, rule('fast', 'allow', { when: { tools: ['deploy'] }, frees: true })]);
    await start('rule:asked');
    const free = rule('free', 'allow', { ...noMoney, frees: true });
    const fast = rule('fast', 'allow', { when: { tools: ['deploy'] }, frees: true });
    assert.equal((await publish(at, ana, [asked, fast, free])).status, 'proposed');
  });

  test(`a hold that becomes a deny needs two people while every denial ${how}`, async () => {
    await inForce(at, ana, cleo, [rule('asked', 'hold', { ...noMoney, quorum: 3 })]);
    await start('control:policies');
    assert.equal((await publish(at, ana, [rule('asked', 'deny', noMoney)])).status, 'proposed');
  });
}

test('a rule that is replaced by one which waits to be in observe needs two people', async () => {
  const quiet = rule('quiet', 'deny');
  await inForce(at, ana, cleo, [noTickets, quiet]);
  await opened('rule:no-tickets', 120);
  await opened('rule:quiet');
  assert.equal((await publish(at, ana, [quiet])).status, 'proposed');
});

test('one that waits for a rule which changes is given up, and nobody can confirm it', async () => {
  await inForce(at, ana, cleo, [noTickets]);
  const id = await opened('rule:no-tickets');
  await publish(at, ana, [rule('no-tickets', 'deny', { when: { tools: ['ticket', 'refund'] } })]);
  const confirmed = await confirmWindow(at, cleo, id);
  assert.equal(confirmed.ok ? 'done' : confirmed.error.code, 'conflict');
  assert.equal((await refund()).decision, 'deny');
});

test('a window goes on while its rule is told in other words and others are added', async () => {
  await inForce(at, ana, cleo, [rule('no-refunds', 'deny', noMoney)]);
  const id = await running('rule:no-refunds');
  const done = await publish(at, ana, [rule('no-refunds', 'deny', { ...noMoney, description: 'money' }), noTickets]);
  assert.equal(done.status, 'published');
  assert.equal(await isOver(id), false);
  assert.equal((await refund()).decision, 'hold');
  assert.deepStrictEqual(await ends(), []);
});

test('a rule that comes back enforces: its window ended when it changed', async () => {
  const before = [rule('no-refunds', 'deny', noMoney)];
  await inForce(at, ana, cleo, before);
  await running('rule:no-refunds');
  await inForce(at, ana, cleo, [rule('no-refunds', 'deny', { when: { classes: ['money', 'billing'] } })]);
  await inForce(at, ana, cleo, before);
  assert.equal((await refund()).decision, 'deny');
});
