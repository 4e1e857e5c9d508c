// kill -9 in the middle of a delivery: it is made again, as the same message.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { childEnvironment } from '#lib/server/env.ts';
import { type HeldCalls, holdCalls } from '#tests/fixtures/held-calls.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { addChannel, makeDispatcher, type Notified, openNotified } from '#tests/fixtures/notifications.ts';

const PROCESS = new URL('../../fixtures/dispatcher-process.ts', import.meta.url).pathname;
const LEASE_MS = 1_500;
let at: Installation;
let calls: HeldCalls;
let notified: Notified;
const ids: string[] = [];
let hangs = true;
let arrived = Promise.withResolvers<void>();
const server = createServer((request, response) => {
  ids.push(String(request.headers['webhook-id']));
  arrived.resolve();
  if (!hangs) response.writeHead(204).end();
});

before(async () => {
  at = await openInstallation();
  calls = await holdCalls(at);
  notified = await openNotified(at, { leaseMs: LEASE_MS });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address: AddressInfo | string | null = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await addChannel(at, { kind: 'webhook', url: `http://127.0.0.1:${port}/` });
});
after(async () => {
  server.closeAllConnections();
  server.close();
  await notified?.close();
  await calls?.close();
  await at?.close();
});

test('a worker killed in the middle of a delivery loses nothing: another sends the same message', async () => {
  await calls.hold();
  await notified.tell();
  const child = spawn(process.execPath, [PROCESS, at.url, at.dataDir, String(LEASE_MS)], {
    env: { ...childEnvironment({}), NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await arrived.promise;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  const [held] = await notified.outbox();
  assert.equal(held?.state, 'sending', 'the row says that somebody was at it');
  await notified.send();
  assert.equal(ids.length, 1, 'while the lease runs it is theirs');
  hangs = false;
  arrived = Promise.withResolvers();
  await at.prisma.$executeRaw`UPDATE notification_deliveries SET lease_until = clock_timestamp()`;
  await notified.send();
  await arrived.promise;
  assert.equal(ids.length, 2);
  assert.equal(ids[0], ids[1]);
  const [sent] = await notified.outbox();
  assert.deepEqual([sent?.state, sent?.attempts], ['delivered', 2]);
});

test('a worker that comes back after its lease ran out undoes nothing', async () => {
  hangs = true;
  arrived = Promise.withResolvers();
  await calls.hold();
  await notified.tell();
  const late = makeDispatcher(at, { leaseMs: LEASE_MS });
  await late.run();
  await arrived.promise;
  await at.prisma.$executeRaw`
    UPDATE notification_deliveries SET lease_until = clock_timestamp() WHERE state = 'sending'`;
  hangs = false;
  await notified.send();
  const before = await notified.outbox();
  assert.equal(before.at(-1)?.state, 'delivered');
  server.closeAllConnections();
  await late.drain();
  assert.deepEqual(await notified.outbox(), before);
  await late.close();
});

test('a message at which the worker died at the last try is given up, and the log says that nobody was told', async () => {
  const { id } = await calls.hold();
  await notified.tell();
  await at.prisma.$executeRaw`
    UPDATE notification_deliveries SET state = 'sending', lease_id = gen_random_uuid(), tries_left = 0,
      lease_until = clock_timestamp() WHERE state = 'waiting'`;
  await notified.send();
  assert.equal((await notified.outbox()).at(-1)?.state, 'dead');
  const told = (await recordedEvents(at.prisma)).filter(({ type }) => type === 'notification.given-up');
  assert.equal(told.length, 1);
  assert.match(told[0]?.text ?? '', new RegExp(id));
  await notified.send();
  assert.equal((await recordedEvents(at.prisma)).filter(({ type }) => type === 'notification.given-up').length, 1);
});
