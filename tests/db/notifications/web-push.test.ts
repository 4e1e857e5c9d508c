// To browsers: encrypted for each, signed by our key, one at a time, and only to services on the allowlist.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { seal } from '#lib/server/keys/seal.ts';
import { listSubscriptions, subscribe, unsubscribe } from '#lib/server/notifications/subscriptions.ts';
import { testSubscription } from '#lib/server/notifications/test-channel.ts';
import { type FakeBrowser, type PushService, startPushService, vapidOf } from '#tests/fakes/push-service.ts';
import { startTripwire } from '#tests/fakes/tripwire.ts';
import { type HeldCalls, holdCalls } from '#tests/fixtures/held-calls.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addChannel, allowForNotifications, type Notified, openNotified } from '#tests/fixtures/notifications.ts';
import { addPerson, CONSOLE_URL } from '#tests/fixtures/people.ts';

let at: Installation;
let calls: HeldCalls;
let service: PushService;
let notified: Notified;
let ben: HumanPrincipal;
let cyd: HumanPrincipal;
let bens: FakeBrowser;

before(async () => {
  at = await openInstallation();
  ben = await addPerson(at, 'ben');
  cyd = await addPerson(at, 'cyd');
  calls = await holdCalls(at);
  service = await startPushService();
  notified = await openNotified(at, { ca: service.ca });
  await addChannel(at, { kind: 'web-push', contact: 'mailto:ops@example.com' });
  await allowForNotifications(at, service.port);
  bens = service.browser('bens');
  assert.ok((await subscribe(at, ben, { ...input(bens), device: 'Laptop' })).ok);
});
after(async () => {
  await notified?.close();
  await service?.close();
  await calls?.close();
  await at?.close();
});
beforeEach(async () => {
  service.pushed.length = 0;
  service.answers.clear();
  await at.prisma.notificationDelivery.deleteMany({});
});

const input = ({ endpoint, keys }: Pick<FakeBrowser, 'endpoint' | 'keys'>) => ({ endpoint, keys, device: 'Browser' });

test('a reviewer’s browser is told of a held call: four members, encrypted for it, signed by the channel’s key', async () => {
  const { id } = await calls.hold();
  await notified.tell();
  await notified.send();
  assert.deepEqual(bens.told(), [
    { id, tier: 'high', title: 'High: shell on host waits for a decision', url: `${CONSOLE_URL}/approvals/${id}` },
  ]);
  const [pushed] = service.pushed;
  assert.ok(pushed !== undefined);
  assert.equal(pushed.headers['content-encoding'], 'aes128gcm');
  assert.equal(pushed.headers.urgency, 'high');
  assert.ok(Number(pushed.headers.ttl) <= 900, 'useless once the request is over');
  const { key, claims } = vapidOf(pushed);
  const channel = await at.prisma.notificationChannel.findFirstOrThrow({ where: { kind: 'web-push' } });
  assert.match(JSON.stringify(channel.config), new RegExp(key));
  assert.partialDeepStrictEqual(claims, { aud: `https://127.0.0.1:${service.port}`, sub: 'mailto:ops@example.com' });
  assert.deepEqual(
    (await notified.outbox()).map(({ state }) => state),
    ['delivered'],
  );
  await notified.tell();
  await notified.send();
  assert.equal(service.pushed.length, 1, 'once');
});

test('within half a minute nobody gets a second one; those held back come as one that counts them', async () => {
  await calls.hold();
  await notified.tell();
  await notified.send();
  for (let n = 0; n < 3; n++) await calls.hold();
  await notified.tell();
  await notified.send();
  assert.equal(bens.told().length, 1);
  const held = (await notified.outbox()).filter(({ state }) => state === 'waiting');
  assert.equal(held.length, 3);
  assert.match(held[0]?.why ?? '', /^Held back/);
  await notified.sendLater();
  const told = bens.told();
  assert.equal(told.length, 2);
  assert.partialDeepStrictEqual(told[1], {
    title: 'High: shell on host waits for a decision - 2 more wait',
    url: `${CONSOLE_URL}/approvals`,
  });
  const states = (await notified.outbox()).map(({ state }) => state).sort();
  assert.deepEqual(states, ['collapsed', 'collapsed', 'delivered', 'delivered']);
});

test('one that was decided meanwhile is not told', async () => {
  const { id } = await calls.hold();
  await notified.tell();
  await at.prisma.approvalRequest.update({ where: { id }, data: { status: 'withdrawn' } });
  await notified.sendLater();
  assert.equal(service.pushed.length, 0);
  assert.deepEqual(
    (await notified.outbox()).map(({ state }) => state),
    ['dropped'],
  );
});

test('a browser that has unsubscribed is removed, and another of the same person is still told', async () => {
  const second = service.browser('bens-phone');
  assert.ok((await subscribe(at, ben, input(second))).ok);
  service.answers.set('/push/bens-phone', { status: 410 });
  await calls.hold();
  await notified.tell();
  await notified.sendLater();
  assert.equal(bens.told().length, 1);
  const { items } = await listSubscriptions(at.prisma, ben);
  assert.deepEqual(
    items.map((one) => one.device),
    ['Laptop'],
  );
  assert.deepEqual(
    (await notified.outbox()).map(({ state }) => state),
    ['delivered'],
  );
});

test('a push service that is down is asked again later, and only for the browser that was not told', async () => {
  const second = service.browser('bens-tablet');
  const subscribed = await subscribe(at, ben, input(second));
  assert.ok(subscribed.ok);
  service.answers.set('/push/bens-tablet', { status: 503 });
  await calls.hold();
  await notified.tell();
  await notified.sendLater();
  assert.deepEqual(
    (await notified.outbox()).map(({ state, why }) => [state, why]),
    [['waiting', 'It answered 503.']],
  );
  service.answers.clear();
  await notified.sendLater();
  assert.deepEqual([bens.told().length, second.told().length], [1, 2], 'the second try went to the tablet alone');
  assert.ok((await unsubscribe(at, ben, subscribed.value.id)).ok);
});

test('another’s subscription is not there, whoever asks, and the log knows that somebody tried', async () => {
  const { items } = await listSubscriptions(at.prisma, ben);
  const id = items[0]?.id ?? '';
  assert.deepEqual((await listSubscriptions(at.prisma, cyd)).items, []);
  for (const refused of [
    await unsubscribe(at, cyd, id),
    await unsubscribe(at, cyd, randomUUID()),
    await testSubscription({ ...at, consoleUrl: CONSOLE_URL }, at.admin, id),
  ]) {
    assert.deepEqual(refused, { ok: false, error: { code: 'not-found' } });
  }
  assert.equal((await listSubscriptions(at.prisma, ben)).items.length, 1);
  await notified.tell();
  const [row] = await at.prisma.$queryRaw<{ n: number }[]>`
    SELECT count(*)::int AS n FROM audit_entries WHERE type = 'notification.refused' AND actor = 'cyd'`;
  assert.equal(row?.n, 2);
});

test('who signs in to a shared browser takes it over with its keys; without them nothing is taken from anybody', async () => {
  const stolen = { endpoint: bens.endpoint, keys: service.browser('other').keys };
  assert.ok((await subscribe(at, cyd, input(stolen))).ok);
  assert.equal((await listSubscriptions(at.prisma, ben)).items.length, 1, 'knowing the address is not enough');
  assert.ok((await subscribe(at, cyd, input(bens))).ok);
  assert.equal((await listSubscriptions(at.prisma, ben)).items.length, 0);
  assert.equal((await listSubscriptions(at.prisma, cyd)).items.length, 1);
  assert.ok((await subscribe(at, ben, { ...input(bens), device: 'Laptop' })).ok);
});

test('an endpoint inside the network or at a metadata service is refused, and nothing ever connects to it', async () => {
  const wire = await startTripwire();
  try {
    const { keys } = bens;
    for (const endpoint of [
      `https://127.0.0.1:${wire.port}/`,
      `http://127.0.0.1:${wire.port}/`,
      `https://localhost:${wire.port}/`,
      'https://169.254.169.254/latest/meta-data/',
      'https://metadata.google.internal/',
      `https://[::1]:${wire.port}/`,
      'https://fcm.googleapis.com.evil.example/',
      'https://fcm.googleapis.com@127.0.0.1/',
    ]) {
      const refused = await subscribe(at, ben, input({ endpoint, keys }));
      assert.equal(refused.ok, false, endpoint);
      // As if a row had been put there by somebody who can write the database but has the keys of the installation too.
      const id = randomUUID();
      const secret = JSON.stringify({ endpoint, ...keys });
      await at.prisma.pushSubscription.create({
        data: {
          id,
          personId: cyd.id,
          endpointHash: randomUUID(),
          service: 'planted',
          sealed: new Uint8Array(seal(at.keys.masterKey, secret, `push-subscription/v1\n${id}`)),
          device: 'planted',
        },
      });
    }
    await calls.hold();
    await notified.tell();
    await notified.sendLater();
    assert.equal(wire.connections(), 0);
    const planted = await at.prisma.pushSubscription.findMany({ where: { service: 'planted' } });
    assert.ok(planted.length === 8 && planted.every((one) => one.lastError !== null));
    assert.deepEqual((await notified.outbox()).map(({ state }) => state).sort(), ['dead', 'delivered']);
  } finally {
    await at.prisma.pushSubscription.deleteMany({ where: { service: 'planted' } });
    await wire.close();
  }
});

test('a destination that leaves the allowlist is told nothing more, and the delivery says so', async () => {
  await at.prisma.$executeRaw`UPDATE egress_entries SET revoked_at = clock_timestamp() WHERE port = ${service.port}`;
  await calls.hold();
  await notified.tell();
  await notified.sendLater();
  assert.equal(service.pushed.length, 0);
  for (const { state, why } of await notified.outbox()) {
    assert.deepEqual([state, why], ['dead', 'The allowlist does not cover the address for notifications.']);
  }
  await allowForNotifications(at, service.port);
});
