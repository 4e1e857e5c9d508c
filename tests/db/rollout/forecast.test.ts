// What people would be asked, from recorded calls: as things are, with nothing in observe, and under two plain policies.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { forecastSchema } from '#lib/contracts/rollout.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { buildInboxRow } from '#lib/server/audit/record-event.ts';
import { confirmWindow } from '#lib/server/observe/confirm-window.ts';
import { endWindow } from '#lib/server/observe/end-window.ts';
import { openWindow } from '#lib/server/observe/open-window.ts';
import { countHolds } from '#lib/server/rollout/count-holds.ts';
import { readForecast } from '#lib/server/rollout/read-forecast.ts';
import { makeEvent, makeLogSigning, type SteppedLog, stepLog } from '#tests/fixtures/audit-log.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';
import { addShop, inForce, rule } from '#tests/fixtures/policies.ts';

let at: Installation;
let log: SteppedLog;
let cleo: HumanPrincipal;
before(async () => {
  at = await openInstallation();
  log = await stepLog(at.url);
  await addShop(at);
  cleo = await addPerson(at, 'cleo', ['reviewer', 'security']);
});
after(async () => {
  await log?.close();
  await at?.close();
});

async function record(tool: string, calls: number): Promise<void> {
  for (let n = 0; n < calls; n++) {
    const event = makeEvent({ agent: 'bot', server: 'shop', tool, session: 'one' });
    const row = buildInboxRow({ ...event, payload: JSON.stringify({ n }) }, at.keys);
    await at.prisma
      .$executeRaw`INSERT INTO audit_inbox (event, salt, payload) VALUES (${row.event}, ${row.salt}, ${row.payload})`;
  }
}
async function forecast(zone = 'UTC') {
  const read = await readForecast(at, zone);
  assert.ok(read.ok, JSON.stringify(read));
  return forecastSchema.parse(read.value);
}
async function observe(scope: string): Promise<string> {
  const opened = await openWindow(at, at.admin, { scope, minutes: 60, reason: 'try it' });
  assert.ok(opened.ok, JSON.stringify(opened));
  assert.ok((await confirmWindow(at, cleo, opened.value.id)).ok);
  return opened.value.id;
}

test('without a call nothing is forecast', async () => {
  const { calls, since, enough, totals, hours } = await forecast();
  assert.deepEqual([calls, since, enough, hours.length], [0, null, 'few-calls', 24]);
  assert.deepEqual(totals, { now: 0, enforced: 0, high: 0, mediumAndHigh: 0 });
});

test('each policy holds what it says, and what a rule denies costs nobody', async () => {
  await record('search', 5);
  await record('deploy', 4);
  await record('refund', 3);
  await record('ticket', 2);
  await log.drainAndPublish(makeLogSigning());
  const until = new Date(Date.now() + 86_400_000).toISOString();
  await inForce(at, at.admin, cleo, [
    rule('no-refunds', 'deny', { when: { tools: ['refund'] } }),
    rule('free-tickets', 'allow', { when: { tools: ['ticket'] }, frees: true }),
    rule('look', 'hold', { when: { tools: ['search'] }, mode: 'observe', observeUntil: until }),
  ]);
  const { calls, totals, since, reviewers, truncated } = await forecast();
  assert.deepEqual([calls, reviewers, truncated], [14, 2, false]);
  assert.ok(since !== null && Math.abs(Date.parse(since) - Date.now()) < 60_000);
  assert.deepEqual(totals, { now: 4, enforced: 9, high: 4, mediumAndHigh: 6 });
});

test('a window counts while it runs, and the count follows the configuration', async () => {
  const approvals = await observe('control:approvals');
  assert.deepEqual((await forecast()).totals, { now: 0, enforced: 9, high: 4, mediumAndHigh: 6 });
  assert.ok((await endWindow(at, cleo, approvals)).ok);
  assert.equal((await forecast()).totals.now, 4);
  const denials = await observe('control:policies');
  const { totals } = await forecast();
  assert.deepEqual(totals, { now: 7, enforced: 9, high: 4, mediumAndHigh: 6 }, 'lifted denials are held by their tier');
  assert.ok((await endWindow(at, cleo, denials)).ok);
  const server = await observe('server:shop');
  assert.equal((await forecast()).totals.now, 0);
  assert.ok((await endWindow(at, cleo, server)).ok);
});

test('the calls are read once for everybody who looks, also from another zone', async () => {
  const first = await forecast();
  await record('deploy', 1);
  await log.drainAndPublish(makeLogSigning());
  const second = await forecast('Asia/Kathmandu');
  assert.equal(second.countedAt, first.countedAt);
  assert.deepEqual([second.calls, second.zone], [first.calls, 'Asia/Kathmandu']);
  const many = await Promise.all([countHolds(at), countHolds(at, 3)]);
  assert.deepEqual(
    many.map(({ calls, truncated }) => [calls, truncated]),
    [
      [15, false],
      [3, true],
    ],
  );
});

test('a zone that there is not is refused', async () => {
  const refused = await readForecast(at, 'Nowhere/Land');
  assert.equal(refused.ok ? 'read' : refused.error.code, 'invalid-request');
});
