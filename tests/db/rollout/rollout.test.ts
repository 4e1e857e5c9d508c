// The rollout, as rows and hourly sums tell it: nothing ticked before it was seen, and taken back when it is no longer so.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { rolloutSchema } from '#lib/contracts/rollout.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { kill } from '#lib/server/kill-switch/kill.ts';
import { confirmRestore, openRestore } from '#lib/server/kill-switch/restore.ts';
import { confirmWindow } from '#lib/server/observe/confirm-window.ts';
import { endWindow } from '#lib/server/observe/end-window.ts';
import { openWindow } from '#lib/server/observe/open-window.ts';
import { rollUp } from '#lib/server/overview/roll-up.ts';
import { setUpRedTeam } from '#lib/server/red-team/set-up.ts';
import { readRollout } from '#lib/server/rollout/read-rollout.ts';
import { makeEvent, makeLogSigning, recordEvents, type SteppedLog, stepLog } from '#tests/fixtures/audit-log.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';
import { addShop, publish, rule } from '#tests/fixtures/policies.ts';

let at: Installation;
let log: SteppedLog;
let cleo: HumanPrincipal;
before(async () => {
  at = await openInstallation();
  log = await stepLog(at.url);
});
after(async () => {
  await log?.close();
  await at?.close();
});

const read = async () => rolloutSchema.parse(await readRollout(at.prisma));
async function step(id: string) {
  const found = (await read()).weeks.flatMap(({ steps }) => steps).find((one) => one.id === id);
  assert.ok(found, id);
  return [found.state, found.evidence];
}
async function control(id: string) {
  const found = (await read()).controls.find((one) => one.id === id);
  assert.ok(found, id);
  return found;
}

test('a new installation is in its first week, with nothing ticked', async () => {
  const rollout = await read();
  assert.equal(rollout.week, 1);
  const { createdAt } = await at.prisma.person.findFirstOrThrow();
  assert.equal(rollout.startedAt, createdAt.toISOString());
  assert.deepEqual(
    rollout.weeks.map(({ done }) => done),
    [0, 0, 0, 0],
  );
  assert.deepEqual(await step('reviewers'), ['partial', 'One reviewer: separation is solo.']);
  await at.prisma.person.updateMany({ data: { createdAt: new Date(Date.now() - 15 * 86_400_000) } });
  assert.equal((await read()).week, 3);
});

test('the registry, the people and the policy tick what is about them', async () => {
  await addShop(at);
  assert.deepEqual(await step('inventory'), ['done', '1 server, 4 tools accepted.']);
  assert.deepEqual(await step('tags'), ['done', '2 high, 1 medium, 1 low, none without a class.']);
  assert.deepEqual(await step('agents'), ['partial', '1 active agent, 0 seen in 30 days.']);
  assert.deepEqual(await step('proxy'), ['open', '0 of 1 agent seen there in 30 days.']);
  await at.prisma.agent.updateMany({ data: { lastSeenAt: new Date() } });
  assert.deepEqual(await step('agents'), ['done', '1 active agent, 1 seen in 30 days.']);
  await at.prisma.agentKey.updateMany({ data: { createdAt: new Date(Date.now() - 91 * 86_400_000) } });
  assert.equal((await step('agent-secrets'))[0], 'partial');
  cleo = await addPerson(at, 'cleo', ['reviewer', 'security']);
  assert.deepEqual(await step('reviewers'), ['done', '2 reviewers.']);
  await publish(at, at.admin, [rule('no-refunds', 'deny', { when: { classes: ['money'] } })]);
  assert.deepEqual(await step('rules'), ['done', 'Version 1, 1 rule.']);
  await at.prisma.tool.updateMany({ where: { name: 'search' }, data: { pinState: 'drifted' } });
  assert.equal((await step('inventory'))[0], 'partial', 'a tick is taken back when it is no longer so');
  await at.prisma.tool.updateMany({ where: { name: 'search' }, data: { pinState: 'accepted' } });
});

test('calls tick the log and the gates, by what became of them and on how many days', async () => {
  const many = (n: number, event: Parameters<typeof makeEvent>[0]) => Array.from({ length: n }, () => makeEvent(event));
  const request = () => ({ requestId: randomUUID() });
  await recordEvents(at.prisma, [
    ...many(3, { type: 'call.intent', tier: 'low' }),
    makeEvent({ type: 'request.opened', tier: 'high', ...request() }),
    makeEvent({ type: 'request.approved', tier: 'high', ...request() }),
    makeEvent({ type: 'request.expired', tier: 'high', ...request() }),
  ]);
  await log.drainAndPublish(makeLogSigning());
  while ((await rollUp(at.prisma)) > 0);
  const [state, evidence] = await step('logging');
  assert.equal(state, 'partial');
  assert.match(evidence ?? '', /^\d+ calls on 1 day of 30, signed \d+ s ago\.$/);
  assert.deepEqual(await step('gate-high'), ['done', '2 tools, 1 call held in 30 days.']);
  assert.deepEqual(await step('gate-medium'), ['open', '1 tool, 0 calls held in 30 days.']);
  assert.deepEqual(await step('decisions'), ['partial', '1 request decided in 30 days, 1 ran out.']);
  await at.prisma.$executeRaw`
    INSERT INTO overview_hours (hour, tier, kind, n)
    SELECT date_trunc('hour', now() - make_interval(days => d), 'UTC'), 'high', 'held', 2 FROM generate_series(1, 60) AS d`;
  const [busy, days] = await step('logging');
  assert.equal(busy, 'done');
  assert.match(days ?? '', / on 30 days of 30, /, 'what is older than the window does not count');
});

test('a window is shown with who opened and who confirmed it, weakens its control, and is ended by one person', async () => {
  const opened = await openWindow(at, at.admin, { scope: 'control:approvals', minutes: 60, reason: 'week 2' });
  assert.ok(opened.ok);
  const waiting = await control('approvals');
  assert.deepEqual([waiting.mode, waiting.windows[0]?.running], ['enforced', false]);
  assert.ok((await confirmWindow(at, cleo, opened.value.id)).ok);
  const observed = await control('approvals');
  const [window] = observed.windows;
  assert.deepEqual(
    [observed.mode, window?.running, window?.openedBy, window?.confirmedBy, window?.minutes],
    ['observed', true, 'Ana', 'cleo', 60],
  );
  assert.ok(Date.parse(window?.endsAt ?? '') > Date.now() + 59 * 60_000);
  assert.equal((await step('gate-high'))[0], 'partial');
  assert.equal((await control('blast-radius')).mode, 'enforced');
  assert.ok((await endWindow(at, cleo, opened.value.id)).ok);
  const again = await control('approvals');
  assert.deepEqual([again.mode, again.windows.length], ['enforced', 0]);
});

test('a window that ran out, or that nobody confirmed in a day, is none', async () => {
  const opened = await openWindow(at, at.admin, { scope: 'server:shop', minutes: 60, reason: 'try it' });
  assert.ok(opened.ok);
  assert.equal((await control('blast-radius')).windows.length, 1);
  await at.prisma.observeWindow.updateMany({
    where: { id: opened.value.id },
    data: { openedAt: new Date(Date.now() - 86_500_000) },
  });
  assert.equal((await control('blast-radius')).windows.length, 0);
  const past = new Date(Date.now() - 1000);
  await at.prisma.observeWindow.updateMany({
    where: { id: opened.value.id },
    data: { confirmedBy: cleo.id, startsAt: past, endsAt: past },
  });
  assert.deepEqual([(await control('approvals')).windows.length, (await control('approvals')).mode], [0, 'enforced']);
});

test('a stop that two people restored is a drill', async () => {
  assert.deepEqual(await step('drill'), ['open', 'Nothing was ever stopped and restored.']);
  assert.ok((await kill(at, cleo, { scope: 'high-risk', reason: 'a drill' })).ok);
  const restore = await openRestore(at, cleo, { scope: 'high-risk', reason: 'it is over' });
  assert.ok(restore.ok);
  assert.equal((await step('drill'))[0], 'open', 'a restore that waits is none');
  assert.ok((await confirmRestore(at, at.admin, restore.value.id)).ok);
  assert.deepEqual(await step('drill'), ['done', 'Stopped and restored within the last day.']);
  assert.equal((await control('kill-switch')).evidence, 'Armed; rehearsed within the last day.');
});

test('channels, the allowlist and credentials tick what is about them', async () => {
  const { prisma } = at;
  assert.deepEqual(await step('allowlist'), [
    'not-applicable',
    'Nothing is on the list, and no server needs it: nothing is reached.',
  ]);
  const entry = { identity: 'gateway', scheme: 'https', host: 'api.example.com', port: 443, reason: 'upstream' };
  await prisma.egressEntry.create({ data: { id: randomUUID(), ...entry } });
  await prisma.egressEntry.create({
    data: { id: randomUUID(), ...entry, host: 'old.example.com', expiresAt: new Date(0) },
  });
  const seen = { firstSeen: new Date(), lastSeen: new Date(), scheme: 'https', host: 'evil.example', port: 443 };
  await prisma.egressAttempt.create({ data: { id: randomUUID(), identity: 'agent:bot', verdict: 'denied', ...seen } });
  assert.deepEqual(await step('allowlist'), [
    'done',
    '1 destination listed, 1 without an end, 1 other refused in 24 hours.',
  ]);
  assert.deepEqual(await step('proxy'), ['done', '1 of 1 agent seen there in 30 days.']);
  const channel = { kind: 'webhook', kinds: ['request'], config: {} };
  await prisma.notificationChannel.create({
    data: { id: randomUUID(), name: 'ops', ...channel, lastDeliveredAt: new Date() },
  });
  assert.deepEqual(await step('told'), ['done', '1 channel on, 1 delivered something.']);
  await prisma.notificationChannel.updateMany({ data: { lastErrorAt: new Date(Date.now() + 1000) } });
  assert.equal((await step('told'))[0], 'partial');
  const shop = await prisma.server.findUniqueOrThrow({ where: { name: 'shop' } });
  const credential = {
    serverId: shop.id,
    configHash: shop.configHash,
    kind: 'bearer',
    config: {},
    migrationOnly: true,
  };
  await prisma.credential.create({
    data: { id: randomUUID(), name: 'one', ...credential, endsAt: new Date(Date.now() + 1e8) },
  });
  assert.deepEqual(await step('short-lived'), ['partial', '1 credential, 1 only for a migration.']);
  assert.equal((await step('rotation'))[0], 'open');
  await prisma.credential.updateMany({ data: { rotatedAt: new Date(), endsAt: new Date(0) } });
  assert.deepEqual(await step('short-lived'), ['partial', '1 credential, 1 only for a migration, 1 ended.']);
  assert.equal((await step('rotation'))[0], 'done');
});

test('an incident that nobody has taken stands in the way of a drill, and a drill that was resolved is one', async () => {
  const { prisma } = at;
  const incident = { kind: 'break-glass', severity: 'high', title: 't', detail: 'd', subject: {} };
  await prisma.incident.create({ data: { id: randomUUID(), key: 'a', drill: false, ...incident } });
  assert.deepEqual(await step('runbook'), ['partial', 'No drill was ever run, 1 incident that nobody has taken.']);
  await prisma.incident.updateMany({ data: { state: 'acknowledged', acknowledgedAt: new Date() } });
  await prisma.incident.create({
    data: {
      id: randomUUID(),
      key: 'b',
      drill: true,
      ...incident,
      kind: 'drill',
      state: 'resolved',
      resolvedAt: new Date(),
      resolution: 'by the run',
    },
  });
  assert.equal((await step('runbook'))[0], 'open', 'what the red-team run opens and closes by itself rehearses nobody');
  await prisma.incident.create({
    data: {
      id: randomUUID(),
      key: 'c',
      drill: true,
      ...incident,
      state: 'resolved',
      resolvedAt: new Date(),
      resolution: 'done',
    },
  });
  assert.deepEqual(await step('runbook'), ['done', 'Last drill within the last day.']);
});

test('a finished run of the red team ticks its step, and what it is made of is counted nowhere', async () => {
  const { prisma } = at;
  assert.deepEqual(await step('red-team'), ['open', 'No run was finished.']);
  const before = [
    await step('inventory'),
    await step('tags'),
    await step('agents'),
    await step('allowlist'),
    await step('short-lived'),
  ];
  const setUp = await setUpRedTeam(at, at.admin);
  assert.ok(setUp.ok, JSON.stringify(setUp));
  assert.deepEqual(
    [
      await step('inventory'),
      await step('tags'),
      await step('agents'),
      await step('allowlist'),
      await step('short-lived'),
    ],
    before,
  );
  const run = {
    state: 'finished',
    cause: 'person',
    askedBy: 'Ana',
    light: 'green',
    held: 3,
    counted: 4,
    tripped: true,
  };
  await prisma.redTeamRun.create({ data: { id: randomUUID(), ...run, finishedAt: new Date(Date.now() - 86_400_000) } });
  await prisma.redTeamRun.create({
    data: {
      id: randomUUID(),
      ...run,
      state: 'broken-off',
      finishedAt: new Date(),
      light: null,
      held: null,
      counted: null,
    },
  });
  assert.deepEqual(await step('red-team'), ['done', '3 of 4 attacks held 1 day ago, weekly.']);
  assert.equal((await control('adversarial-tests')).mode, 'enforced');
});
