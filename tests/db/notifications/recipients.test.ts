// Who is told: whoever may decide now, by their own choice, first those on call.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { DEFAULT_PREFERENCES } from '#lib/core/notifications/preferences.ts';
import { castVote } from '#lib/server/approvals/cast-vote.ts';
import { claimRequest } from '#lib/server/approvals/claim-request.ts';
import { escalateDue } from '#lib/server/approvals/escalate-due.ts';
import { kill } from '#lib/server/kill-switch/kill.ts';
import { callNext } from '#lib/server/notifications/call-next.ts';
import { listOnCall, setOnCall } from '#lib/server/notifications/on-call-orders.ts';
import { changePreferences } from '#lib/server/notifications/preferences.ts';
import { tellOfEvents, tellOfExpiry } from '#lib/server/notifications/tell.ts';
import { type MailServer, startMailServer } from '#tests/fakes/mail-server.ts';
import { makeEvent, recordEvents } from '#tests/fixtures/audit-log.ts';
import { type HeldCalls, holdCalls } from '#tests/fixtures/held-calls.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addChannel, type Notified, openNotified } from '#tests/fixtures/notifications.ts';
import { addPerson } from '#tests/fixtures/people.ts';
import { plantRequest } from '#tests/fixtures/requests.ts';

const reason = 'set by the test';
let at: Installation;
let calls: HeldCalls;
let server: MailServer;
let notified: Notified;
const people = new Map<string, HumanPrincipal>();

before(async () => {
  at = await openInstallation();
  for (const name of ['ben', 'cyd', 'dan', 'eve']) people.set(name, await addPerson(at, name));
  await join('ben', ['ops']);
  await join('cyd', ['ops']);
  await join('dan', ['leads']);
  calls = await holdCalls(at);
  server = await startMailServer({ tls: 'none' });
  notified = await openNotified(at);
  await addChannel(at, {
    kind: 'email',
    host: '127.0.0.1',
    port: server.port,
    tls: 'none',
    username: null,
    from: 'countersign@example.com',
    perPersonPerHour: 1000,
  });
});
after(async () => {
  await notified?.close();
  await server?.close();
  await calls?.close();
  await at?.close();
});
beforeEach(async () => {
  server.mails.length = 0;
  await at.prisma.notificationDelivery.deleteMany({});
  await at.prisma.notificationPreference.deleteMany({});
  await at.prisma.onCallRound.deleteMany({});
  await at.prisma.onCallOrder.deleteMany({});
});

const who = (name: string): HumanPrincipal => {
  const person = people.get(name);
  if (person === undefined) throw new Error(`nobody is called ${name}`);
  return person;
};
const join = (name: string, groups: string[]) =>
  at.prisma.person.update({ where: { id: who(name).id }, data: { groups } });
const ops = { factors: [{ groups: ['ops'], count: 1 }], escalation: [{ afterS: 60, groups: ['leads'] }] };
const leads = { factors: [{ groups: ['leads'], count: 1 }] };
const told = () =>
  server.mails
    .flatMap((mail) => mail.to)
    .map((address) => address.split('@')[0] ?? '')
    .sort();
/** As if so many minutes had gone by for a request. */
async function age(id: string, minutes: number): Promise<void> {
  await at.prisma.$executeRaw`
    UPDATE approval_requests SET requested_at = requested_at - make_interval(mins => ${minutes}),
      escalate_at = escalate_at - make_interval(mins => ${minutes}) WHERE id = ${id}::uuid`;
  await at.prisma.$executeRaw`
    UPDATE on_call_rounds SET since = since - make_interval(mins => ${minutes}) WHERE request_id = ${id}::uuid`;
}
async function deliver(): Promise<void> {
  await notified.tell();
  await notified.send();
}

test('the groups that the rule asks are told; not others, and never the agent’s owner', async () => {
  await join('eve', []);
  await at.prisma.person.update({ where: { id: at.admin.id }, data: { groups: ['ops'] } });
  await calls.hold({ terms: ops });
  await deliver();
  assert.deepEqual(told(), ['ben', 'cyd']);
  assert.ok(!(await notified.outbox()).some(({ email }) => email === at.admin.email), 'not even put in the outbox');
  server.mails.length = 0;
  await calls.hold();
  await deliver();
  assert.deepEqual(told(), ['ben', 'cyd', 'dan', 'eve'], 'without groups every reviewer but the owner');
});

test('whoever holds the seat of somebody else is told of what they may decide in it, and of nothing else', async () => {
  const lend = (from: string, to: string) => at.prisma.$executeRaw`
    INSERT INTO delegations (id, from_id, to_id, reason, created_by, starts_at, ends_at)
    VALUES (gen_random_uuid(), ${from}::uuid, ${to}::uuid, 'away', ${from}::uuid, clock_timestamp() - interval '1 hour',
      clock_timestamp() + interval '1 hour')`;
  const before = await at.prisma.person.findUniqueOrThrow({ where: { id: at.admin.id } });
  await at.prisma.person.update({ where: { id: at.admin.id }, data: { groups: ['ops'] } });
  await lend(at.admin.id, who('dan').id);
  await calls.hold({ terms: ops });
  await deliver();
  assert.deepEqual(told(), ['ben', 'cyd'], 'a vote in the owner’s seat would not count');
  server.mails.length = 0;
  await at.prisma.delegation.deleteMany({});
  await lend(who('ben').id, who('dan').id);
  await calls.hold({ terms: ops });
  await deliver();
  assert.deepEqual(told(), ['ben', 'cyd', 'dan']);
  await at.prisma.delegation.deleteMany({});
  await at.prisma.person.update({ where: { id: at.admin.id }, data: { groups: before.groups } });
});

test('whoever has voted by then, lost the role or is disabled is not told any more', async () => {
  const { id, digest } = await calls.hold({ quorum: 2 });
  await notified.tell();
  const voted = await castVote(at, who('ben'), { requestId: id, decision: 'approve', digest });
  assert.ok(voted.ok, JSON.stringify(voted));
  await at.prisma.person.update({ where: { id: who('cyd').id }, data: { roles: ['security'] } });
  await at.prisma.person.update({ where: { id: who('dan').id }, data: { status: 'disabled' } });
  await notified.send();
  assert.deepEqual(told(), ['eve']);
  await at.prisma.person.updateMany({
    where: { id: { in: [who('cyd').id, who('dan').id] } },
    data: { roles: ['reviewer'], status: 'active' },
  });
});

test('an escalation tells the groups of its step', async () => {
  const { id } = await calls.hold({ terms: ops });
  await deliver();
  await age(id, 2);
  assert.equal(await escalateDue(at.prisma, at.keys), 1);
  await deliver();
  assert.deepEqual(told(), ['ben', 'cyd', 'dan']);
  assert.match(server.mails.at(-1)?.parsed.subject ?? '', /^Escalated to you: high, shell on host$/);
});

test('first on call is told, the next after so many minutes, and a claim stops the list', async () => {
  const order = {
    group: 'ops',
    people: [who('cyd').id, who('ben').id],
    nextAfterMinutes: 5,
    rotateEveryHours: null,
    reason,
  };
  assert.ok((await setOnCall(at, at.admin, order)).ok);
  const { id } = await calls.hold({ terms: { ...ops, escalation: [] } });
  await deliver();
  assert.deepEqual(told(), ['cyd']);
  await callNext(at.prisma);
  await deliver();
  assert.deepEqual(told(), ['cyd'], 'not yet');
  assert.ok((await claimRequest(at, who('cyd'), id)).ok);
  await age(id, 6);
  await callNext(at.prisma);
  await deliver();
  assert.deepEqual(told(), ['cyd'], 'somebody looks at it');
  await at.prisma.approvalRequest.update({ where: { id }, data: { claimUntil: new Date(0) } });
  await Promise.all([callNext(at.prisma), callNext(at.prisma)]);
  await deliver();
  assert.deepEqual(told(), ['ben', 'cyd']);
  await at.prisma.approvalRequest.update({ where: { id }, data: { status: 'withdrawn' } });
  await callNext(at.prisma);
  assert.equal(await at.prisma.onCallRound.count(), 0);
  const { items } = await listOnCall(at.prisma);
  assert.deepEqual([items[0]?.first, items[0]?.people.map((one) => one.name)], [who('cyd').id, ['cyd', 'ben']]);
});

test('only reviewers are put on call', async () => {
  const security = await addPerson(at, 'sue', ['security']);
  const order = { group: 'ops', people: [security.id], nextAfterMinutes: 5, rotateEveryHours: null, reason };
  const refused = await setOnCall(at, at.admin, order);
  assert.equal(refused.ok ? '' : refused.error.code, 'invalid-request');
});

const always = { from: '00:00', to: '00:00', timeZone: 'Europe/Berlin', days: [0, 1, 2, 3, 4, 5, 6] };

test('quiet hours put off, save for whoever is on call and for what breaks through', async () => {
  const quiet = { ...DEFAULT_PREFERENCES, quietHours: always };
  await changePreferences(at, who('ben'), { ...quiet, highBreaksThrough: false });
  await changePreferences(at, who('cyd'), { ...quiet, highBreaksThrough: true });
  await calls.hold({ terms: ops });
  await deliver();
  assert.deepEqual(told(), ['cyd']);
  const held = (await notified.outbox()).find(({ state }) => state === 'waiting');
  assert.deepEqual([held?.email, held?.why], ['ben@example.com', 'Quiet hours.']);
  server.mails.length = 0;
  const order = { group: 'ops', people: [who('ben').id], nextAfterMinutes: 5, rotateEveryHours: null, reason };
  assert.ok((await setOnCall(at, at.admin, order)).ok);
  await calls.hold({ terms: ops });
  await deliver();
  assert.deepEqual(told(), ['ben']);
});

test('nobody is told on a channel or of a kind that they did not choose', async () => {
  const none = { ...DEFAULT_PREFERENCES.chosen.email, 'approval-high': false };
  await changePreferences(at, who('ben'), {
    ...DEFAULT_PREFERENCES,
    quietHours: null,
    chosen: { ...DEFAULT_PREFERENCES.chosen, email: none },
  });
  await calls.hold({ terms: ops });
  await deliver();
  assert.deepEqual(told(), ['cyd']);
});

test('what ends soon is told once to those who chose to hear of it', async () => {
  const { id } = await calls.hold({ terms: ops });
  await notified.tell();
  await at.prisma.notificationDelivery.deleteMany({});
  const expiry = { ...DEFAULT_PREFERENCES.chosen.email, expiry: true };
  await changePreferences(at, who('ben'), {
    ...DEFAULT_PREFERENCES,
    quietHours: null,
    chosen: { ...DEFAULT_PREFERENCES.chosen, email: expiry },
  });
  await tellOfExpiry(at.prisma);
  assert.deepEqual(await notified.outbox(), []);
  await at.prisma.$executeRaw`
    UPDATE approval_requests SET expires_at = clock_timestamp() + interval '60 seconds',
      requested_at = clock_timestamp() - interval '10 minutes' WHERE id = ${id}::uuid`;
  await tellOfExpiry(at.prisma);
  await tellOfExpiry(at.prisma);
  await notified.send();
  assert.deepEqual(
    server.mails.map((mail) => [mail.to[0], mail.parsed.subject]),
    [['ben@example.com', 'About to expire: high, shell on host']],
  );
});

test('requests of which nobody wants to hear that they end keep no other from being told of', async () => {
  const ends = async (ids: readonly string[], seconds: number) => at.prisma.$executeRaw`
    UPDATE approval_requests SET expires_at = clock_timestamp() + make_interval(secs => ${seconds}),
      requested_at = clock_timestamp() - interval '10 minutes' WHERE id = ANY(${[...ids]}::uuid[])`;
  await at.prisma.approvalRequest.updateMany({ where: { status: 'pending' }, data: { status: 'withdrawn' } });
  const unwanted: string[] = [];
  for (let n = 0; n < 105; n++) unwanted.push(await plantRequest(at.prisma, leads));
  const { id } = await calls.hold({ terms: ops });
  await notified.tell();
  await at.prisma.notificationDelivery.deleteMany({});
  const expiry = { ...DEFAULT_PREFERENCES.chosen.email, expiry: true };
  await changePreferences(at, who('ben'), {
    ...DEFAULT_PREFERENCES,
    quietHours: null,
    chosen: { ...DEFAULT_PREFERENCES.chosen, email: expiry },
  });
  await ends(unwanted, 60);
  await ends([id], 90);
  const looked = new Map<string, number>();
  for (let round = 0; round < 3; round++) await tellOfExpiry(at.prisma, looked);
  assert.deepEqual(
    (await notified.outbox()).map(({ email }) => email),
    ['ben@example.com'],
  );
  await at.prisma.approvalRequest.updateMany({ where: { status: 'pending' }, data: { status: 'withdrawn' } });
});

test('news for admin and security is not told to whoever is neither any more', async () => {
  await at.prisma.person.update({ where: { id: who('eve').id }, data: { roles: ['reviewer', 'security'] } });
  await at.prisma.person.update({ where: { id: who('dan').id }, data: { roles: ['reviewer', 'security'] } });
  await recordEvents(at.prisma, [makeEvent({ type: 'credential.ended', server: 'vault' })]);
  await notified.tell();
  await at.prisma.person.update({ where: { id: who('eve').id }, data: { roles: ['reviewer'] } });
  await notified.send();
  assert.deepEqual(told(), ['ana', 'dan', 'sue']);
  await at.prisma.person.update({ where: { id: who('dan').id }, data: { roles: ['reviewer'] } });
});

test('a stop by the kill switch is told to everybody', async () => {
  assert.ok((await kill(at, at.admin, { scope: 'class:shell', reason: 'reason-canary of the test' })).ok);
  await deliver();
  const stops = server.mails.filter((mail) => /^Kill switch on: class shell$/.test(mail.parsed.subject ?? ''));
  assert.deepEqual(stops.flatMap((mail) => mail.to).length, 6);
  assert.ok(!server.mails.some((mail) => mail.raw.includes('reason-canary')));
});

test('workers that read the log at once, and one that reads again, tell nobody twice', async () => {
  await at.prisma.killState.deleteMany({});
  await calls.hold({ terms: ops });
  const before = await at.prisma.notificationHead.findUniqueOrThrow({ where: { id: 1 } });
  await notified.tell();
  // As after a restore from an older backup of this one row.
  await at.prisma.notificationHead.update({ where: { id: 1 }, data: { nextSeq: before.nextSeq } });
  await Promise.all([tellOfEvents(at.prisma), tellOfEvents(at.prisma), tellOfEvents(at.prisma)]);
  await Promise.all([notified.send(), notified.send()]);
  assert.deepEqual(told(), ['ben', 'cyd']);
});
