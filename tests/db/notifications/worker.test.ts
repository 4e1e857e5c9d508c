// The whole way in a real worker: a call is held, the log takes it in, and a receiver hears of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createLog } from '#lib/server/log.ts';
import { startWorker, type Worker } from '#lib/server/worker/start-worker.ts';
import { startTripwire, type Tripwire } from '#tests/fakes/tripwire.ts';
import { eventually } from '#tests/fixtures/gateway.ts';
import { type HeldCalls, holdCalls } from '#tests/fixtures/held-calls.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addChannel } from '#tests/fixtures/notifications.ts';
import { CONSOLE_URL } from '#tests/fixtures/people.ts';

let at: Installation;
let calls: HeldCalls;
let wire: Tripwire;
let workers: Worker[] = [];
before(async () => {
  at = await openInstallation();
  calls = await holdCalls(at);
  wire = await startTripwire();
  await addChannel(at, { kind: 'webhook', url: `http://127.0.0.1:${wire.port}/` });
});
after(async () => {
  for (const worker of workers) await worker.stop();
  await wire?.close();
  await calls?.close();
  await at?.close();
});

test('two workers tell a receiver of every held call once, in the order of nobody’s choosing', async () => {
  const { prisma, keys, dataDir } = at;
  const log = createLog('silent', 'test');
  workers = [0, 1].map(() => startWorker({ databaseUrl: at.url, prisma, keys, dataDir, log, consoleUrl: CONSOLE_URL }));
  const held: string[] = [];
  for (let n = 0; n < 12; n++) held.push((await calls.hold()).id);
  await eventually('twelve messages', async () => (wire.requests.length >= held.length ? true : null));
  for (const worker of workers) await worker.stop();
  workers = [];
  const told = wire.requests.map((one) => /"requestId":"([^"]+)"/.exec(one.body)?.[1] ?? '');
  assert.deepEqual(told.toSorted(), held.toSorted());
});
