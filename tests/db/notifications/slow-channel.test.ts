// One channel whose server takes its time holds up nobody else's.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { startTripwire, type Tripwire } from '#tests/fakes/tripwire.ts';
import { eventually } from '#tests/fixtures/gateway.ts';
import { type HeldCalls, holdCalls } from '#tests/fixtures/held-calls.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addChannel, type Notified, openNotified } from '#tests/fixtures/notifications.ts';
import { addPerson } from '#tests/fixtures/people.ts';

/** More people than messages go out at once. */
const PEOPLE = 14;
/** Less than it takes to give up on a mail server that does not greet. */
const SOON_MS = 6_000;
const held = new Set<Socket>();
const tarpit = createServer((socket) => {
  held.add(socket);
  socket.on('error', () => undefined);
});
let at: Installation;
let calls: HeldCalls;
let wire: Tripwire;
let notified: Notified;

before(async () => {
  at = await openInstallation();
  for (let n = 0; n < PEOPLE; n++) await addPerson(at, `reviewer${n}`);
  calls = await holdCalls(at);
  wire = await startTripwire();
  tarpit.listen(0, '127.0.0.1');
  await once(tarpit, 'listening');
  const address: AddressInfo | string | null = tarpit.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  notified = await openNotified(at);
  await addChannel(at, { kind: 'webhook', url: `http://127.0.0.1:${wire.port}/` });
  await addChannel(at, {
    kind: 'email',
    host: '127.0.0.1',
    port,
    tls: 'none',
    username: null,
    from: 'countersign@example.com',
    perPersonPerHour: 1000,
  });
});
after(async () => {
  for (const socket of held) socket.destroy();
  tarpit.close();
  await notified?.close();
  await wire?.close();
  await calls?.close();
  await at?.close();
});

test('while a mail server keeps everybody waiting, a webhook hears of the next call at once', async () => {
  await calls.hold();
  await notified.tell();
  await notified.dispatcher.run();
  await eventually('the first message', async () => (wire.requests.length === 1 && held.size > 0 ? true : null));
  await notified.dispatcher.run();
  const startedAt = performance.now();
  await calls.hold();
  await notified.tell();
  await eventually('the second message', async () => {
    await notified.dispatcher.run();
    return wire.requests.length === 2 ? true : null;
  });
  assert.ok(performance.now() - startedAt < SOON_MS, 'before any mail was given up');
  assert.ok(held.size > 0 && held.size < PEOPLE, 'mails are under way, and not all at once');
});
