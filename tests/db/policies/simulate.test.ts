// T42: a draft is tried on the recorded calls of the last 30 days before anybody is governed by it.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { Rule } from '#lib/core/policies/rule.ts';
import type { AuditEventInput } from '#lib/server/audit/record-event.ts';
import { buildInboxRow } from '#lib/server/audit/record-event.ts';
import { checkPolicy } from '#lib/server/policies/check-policy.ts';
import { readObserved } from '#lib/server/policies/observed.ts';
import { simulatePolicy } from '#lib/server/policies/simulate.ts';
import { makeEvent, makeLogSigning, type SteppedLog, stepLog } from '#tests/fixtures/audit-log.ts';
import { type Installation, openInstallation, withRoles } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';
import { addShop, draft, inForce, rule } from '#tests/fixtures/policies.ts';

let at: Installation;
let log: SteppedLog;
const signing = makeLogSigning();

before(async () => {
  at = await openInstallation();
  log = await stepLog(at.url);
  await addShop(at);
  const cleo = await addPerson(at, 'cleo', ['reviewer', 'security']);
  await inForce(at, at.admin, cleo, [rule('no-refunds', 'deny', { when: { tools: ['refund'] } })]);
  for (let n = 0; n < 10; n++) await call('search', { q: `text ${n}` });
  for (let n = 0; n < 4; n++) await held('deploy', { environment: n === 0 ? 'production' : 'staging' });
  await call('refund', { amount: 5 }, { type: 'call.refused', decision: 'deny' }, false);
  await call('gone', { anything: true });
  await log.drainAndPublish(signing);
});
after(async () => {
  await log.close();
  await at.close();
});

async function call(tool: string, args: object, over: Partial<AuditEventInput> = {}, isKept = true): Promise<void> {
  const event = makeEvent({ agent: 'bot', server: 'shop', tool, session: 'one', ...over });
  const row = buildInboxRow(isKept ? { ...event, payload: JSON.stringify(args) } : event, at.keys);
  await at.prisma
    .$executeRaw`INSERT INTO audit_inbox (event, salt, payload) VALUES (${row.event}, ${row.salt}, ${row.payload})`;
}

/** A hold that ran in the end: three entries of one call. */
async function held(tool: string, args: object): Promise<void> {
  const callId = randomUUID();
  await call(tool, args, { type: 'request.opened', callId, decision: 'hold' });
  await call(tool, args, { callId });
  await call(tool, args, { type: 'call.refused', callId, decision: 'deny' }, false);
}

async function simulate(rules: readonly Rule[], most?: number) {
  const done = await simulatePolicy(at, at.admin, { rules: [...rules] }, most);
  assert.ok(done.ok, JSON.stringify(done));
  return done.value;
}

test('every call counts once, with its arguments, under today’s tags', async () => {
  const result = await simulate([
    rule('no-production', 'deny', { when: { tools: ['deploy'] }, if: 'args.environment == "production"' }),
    rule('hold-search', 'hold', { when: { tools: ['search'] }, if: 'args.q == "text 3"' }),
  ]);
  const { calls, newlyHeld, newlyFreed, newlyDenied, unreadable, truncated } = result.total;
  // The refund was denied and would be held; its arguments were never kept. The tool `gone` is nobody's any more.
  assert.deepEqual([calls, newlyHeld, newlyFreed, newlyDenied], [15, 2, 0, 1]);
  assert.deepEqual([unreadable, truncated], [1, false]);
  const rules = result.rules.map((one) => [one.rule, one.matched, one.newlyHeld, one.newlyDenied]);
  assert.deepEqual(rules.slice(0, 2), [
    ['no-production', 1, 0, 1],
    ['hold-search', 1, 1, 0],
  ]);
  const tools = Object.fromEntries(result.tools.map((one) => [one.tool, one.calls]));
  assert.deepEqual(tools, { search: 10, deploy: 4, refund: 1 });
  const hour = new Date().getUTCHours();
  const perHour = result.approvalsPerHour.filter((one) => one.now > 0 || one.draft > 0);
  assert.ok(
    perHour.length <= 2 && perHour.every((one) => Math.abs(one.hour - hour) % 22 <= 1),
    JSON.stringify(perHour),
  );
  const denied = result.examples.find((one) => one.after === 'deny');
  assert.deepEqual(
    [denied?.tool, denied?.rule, denied?.argsPreview],
    ['deploy', 'no-production', '{"environment":"production"}'],
  );
});

test('an allow-all is seen for what it is: nothing that the tiers hold is freed, and with frees everything is', async () => {
  const harmless = await simulate([rule('all', 'allow')]);
  assert.equal(harmless.total.newlyFreed, 0);
  const free = rule('all', 'allow', { frees: true });
  const dangerous = await simulate([free]);
  assert.equal(dangerous.total.newlyFreed, 5);
  assert.equal(dangerous.examples[0]?.after, 'allow');
  const checked = await checkPolicy(at.prisma, { baseVersion: 1, rules: [free] });
  assert.ok(checked.ok && checked.value.comparison.loosens);
});

test('conditions on arguments that are not kept count as errors: met by deny, not by allow', async () => {
  const rules = (then: Rule['then']) => [
    rule('small', then, {
      when: { tools: ['refund'] },
      if: 'args.amount < 10',
      ...(then === 'allow' ? { frees: true } : {}),
    }),
  ];
  const [asAllow, asDeny] = [await simulate(rules('allow')), await simulate(rules('deny'))];
  assert.deepEqual([asAllow.total.newlyFreed, asAllow.rules[0]?.matched], [0, 0]);
  assert.deepEqual([asDeny.rules[0]?.matched, asDeny.tools.find((one) => one.tool === 'refund')?.newlyHeld], [1, 0]);
});

test('a stored draft runs like rules, the window is kept, and a bound says that it cut', async () => {
  const made = await draft(at, at.admin, [rule('no-search', 'deny', { when: { tools: ['search'] } })]);
  const stored = await simulatePolicy(at, at.admin, { version: made.version });
  assert.ok(stored.ok);
  assert.equal(stored.value.total.newlyDenied, 10);
  const long = new Date(Date.now() - 3_600_000).toISOString();
  const past = await simulatePolicy(at, at.admin, {
    version: made.version,
    since: '2026-01-01T00:00:00Z',
    until: long,
  });
  assert.ok(past.ok);
  assert.equal(past.value.total.calls, 0);
  const cut = await simulate([], 6);
  assert.deepEqual([cut.total.truncated, cut.total.calls <= 6], [true, true]);
  const reviewer = await simulatePolicy(at, withRoles(at.admin, ['reviewer']), { rules: [] });
  assert.equal(reviewer.ok ? '' : reviewer.error.code, 'not-allowed');
  const neither = await simulatePolicy(at, at.admin, {});
  assert.equal(neither.ok ? '' : neither.error.code, 'invalid-request');
});

test('what is in observe is counted by scope', async () => {
  await call('refund', {}, { decision: 'observed-deny', detail: { scope: 'rule:no-refunds' } });
  await call('deploy', {}, { decision: 'observed-hold', detail: { scope: 'server:shop' } });
  await call('deploy', {}, { decision: 'observed-hold', detail: { scope: 'server:shop' } });
  await log.drainAndPublish(signing);
  const { items } = await readObserved(at.prisma);
  assert.deepEqual(
    items.map((one) => [one.scope, one.wouldHold, one.wouldDeny]),
    [
      ['server:shop', 2, 0],
      ['rule:no-refunds', 0, 1],
    ],
  );
});

test('what cannot be inspected is judged by what was called, and by what nobody can tell any more', async () => {
  const unread = rule('unread', 'deny', { when: { tools: ['search', 'refund'], inspectable: false } });
  const result = await simulate([unread]);
  assert.equal(result.rules[0]?.matched, 1, 'only the refund, of which no arguments were kept');
  await call('search', { code: 'import os' });
  await log.drainAndPublish(signing);
  const later = await simulate([unread]);
  assert.deepEqual([later.rules[0]?.matched, later.total.newlyDenied], [2, 1]);
});
