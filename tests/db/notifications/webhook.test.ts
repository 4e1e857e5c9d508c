// To machines: Standard Webhooks, checked with the receiving side of the library that receivers use.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { listDeliveries, resendDelivery } from '#lib/server/notifications/deliveries.ts';
import { changeChannel } from '#lib/server/notifications/save-channel.ts';
import { startTripwire, type Tripwire } from '#tests/fakes/tripwire.ts';
import { type HeldCalls, holdCalls } from '#tests/fixtures/held-calls.ts';
import { type Installation, openInstallation, withRoles } from '#tests/fixtures/installation.ts';
import { addChannel, type Notified, openNotified } from '#tests/fixtures/notifications.ts';
import { CONSOLE_URL } from '#tests/fixtures/people.ts';

const reason = 'set by the test';
let at: Installation;
let calls: HeldCalls;
let wire: Tripwire;
let notified: Notified;
let channel: { readonly id: string; readonly secret: string | null };

before(async () => {
  at = await openInstallation();
  calls = await holdCalls(at);
  wire = await startTripwire();
  notified = await openNotified(at);
  channel = await addChannel(at, { kind: 'webhook', url: `http://127.0.0.1:${wire.port}/in/token-canary?k=1` });
});
after(async () => {
  await notified?.close();
  await wire?.close();
  await calls?.close();
  await at?.close();
});
beforeEach(async () => {
  wire.reset();
  await at.prisma.notificationDelivery.deleteMany({});
  await at.prisma.notificationChannel.updateMany({ data: { pausedUntil: null } });
});

function received(n: number, secret: string | null): unknown {
  const one = wire.requests[n];
  assert.ok(one !== undefined);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(one.headers)) headers[name] = String(value);
  return new Webhook(secret ?? '').verify(one.body, headers);
}
const idOf = (n: number) => wire.requests[n]?.headers['webhook-id'];

test('an event arrives signed, with an id of its own, at exactly the address that was given', async () => {
  const { id } = await calls.hold();
  await notified.tell();
  await notified.send();
  assert.equal(wire.requests[0]?.url, '/in/token-canary?k=1');
  assert.partialDeepStrictEqual(received(0, channel.secret), {
    type: 'request.opened',
    data: {
      kind: 'approval-high',
      tier: 'high',
      actionClass: 'shell',
      server: 'host',
      requestId: id,
      url: `${CONSOLE_URL}/approvals/${id}`,
    },
  });
  assert.throws(() => received(0, `whsec_${Buffer.alloc(32).toString('base64')}`));
  const [row] = await notified.outbox();
  assert.equal(idOf(0), `msg_${row?.id}`);
});

test('500s are tried eight times, then it is dead; resent by hand it comes as the same message', async () => {
  wire.answer = { status: 500, headers: {}, body: 'no' };
  await calls.hold();
  await notified.tell();
  await notified.send();
  const [first] = await notified.outbox();
  assert.deepEqual([first?.state, first?.why], ['waiting', 'It answered 500.']);
  const [due] = await at.prisma.$queryRaw<{ s: number }[]>`
    SELECT extract(epoch FROM due_at - last_attempt_at)::float8 AS s FROM notification_deliveries`;
  assert.ok(Math.abs((due?.s ?? 0) - 5) < 1, `five seconds: ${due?.s}`);
  await notified.send();
  assert.equal(wire.requests.length, 1, 'not before it is due');
  for (let n = 0; n < 10; n++) await notified.sendLater();
  assert.equal(wire.requests.length, 8);
  const [dead] = await notified.outbox();
  assert.deepEqual([dead?.state, dead?.why], ['dead', 'It answered 500. It was the last try.']);
  const page = await listDeliveries(at.prisma, { state: 'dead', limit: 10 });
  assert.deepEqual([page.items[0]?.attempts, page.items[0]?.channelKind], [8, 'webhook']);
  const id = dead?.id ?? '';
  assert.equal((await resendDelivery(at, withRoles(at.admin, ['reviewer']), id)).ok, false);
  const security = withRoles(at.admin, ['security']);
  wire.answer = { status: 204, headers: {}, body: '' };
  assert.ok((await resendDelivery(at, security, id)).ok);
  await notified.send();
  assert.equal(wire.requests.length, 9);
  assert.equal(new Set(wire.requests.map((_, n) => idOf(n))).size, 1, 'one id at every try');
  const again = await resendDelivery(at, security, id);
  assert.equal(again.ok ? '' : again.error.code, 'conflict', 'what was delivered does not come twice');
});

test('Retry-After holds the whole channel back', async () => {
  wire.answer = { status: 429, headers: { 'retry-after': '120' }, body: '' };
  await calls.hold();
  await calls.hold();
  await notified.tell();
  await notified.send();
  assert.equal(wire.requests.length, 1);
  await notified.sendLater();
  assert.equal(wire.requests.length, 1, 'not even by hand of the clock');
  const row = await at.prisma.notificationChannel.findUniqueOrThrow({ where: { id: channel.id } });
  assert.ok((row.pausedUntil?.getTime() ?? 0) > Date.now() + 100_000);
});

test('a redirect is not followed', async () => {
  const other = await startTripwire();
  wire.answer = { status: 307, headers: { location: `http://127.0.0.1:${other.port}/` }, body: '' };
  await calls.hold();
  await notified.tell();
  await notified.send();
  assert.equal(other.connections(), 0);
  assert.deepEqual(
    (await notified.outbox()).map((row) => row.state),
    ['dead'],
  );
  await other.close();
});

test('a new signing secret signs beside the old one, and the old one ends', async () => {
  const changed = await changeChannel(at, at.admin, channel.id, { newSecret: true, addEgress: false, reason });
  assert.ok(changed.ok && changed.value.secret !== null);
  await calls.hold();
  await notified.tell();
  await notified.send();
  assert.ok(received(0, channel.secret));
  assert.ok(received(0, changed.value.secret));
  channel = { id: channel.id, secret: changed.value.secret };
});

test('without its entry on the allowlist nothing connects; it is refused, recorded and shown', async () => {
  await at.prisma.$executeRaw`
    UPDATE egress_entries SET revoked_at = clock_timestamp() WHERE identity = 'notifications'`;
  // The gateway's own entry for the same place opens nothing for notifications.
  await at.prisma.$executeRaw`
    INSERT INTO egress_entries (id, identity, scheme, host, port, path_prefix, cidr, reason)
    VALUES (gen_random_uuid(), 'gateway', 'http', '127.0.0.1', ${wire.port}, '/', '127.0.0.1/32', 'for the gateway')`;
  await calls.hold();
  await notified.tell();
  await notified.send();
  assert.equal(wire.connections(), 0);
  const [row] = await notified.outbox();
  assert.deepEqual([row?.state, row?.why], ['dead', 'The allowlist does not cover the address for notifications.']);
  await notified.dispatcher.close();
  const attempts = await at.prisma.egressAttempt.findMany({ where: { identity: 'notifications', verdict: 'denied' } });
  assert.equal(attempts.length, 1);
});
