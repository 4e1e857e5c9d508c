// An urgent incident reaches security and admins through the outbox: its kind, and nothing else of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startDrill } from '#lib/server/incidents/start-drill.ts';
import { watchLog } from '#lib/server/incidents/watch-log.ts';
import { makeEvent, recordEvents } from '#tests/fixtures/audit-log.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addChannel, type Notified, openNotified } from '#tests/fixtures/notifications.ts';

let at: Installation;
let notified: Notified;
before(async () => {
  at = await openInstallation();
  notified = await openNotified(at);
  await addChannel(at, { kind: 'webhook', url: 'http://127.0.0.1:9/' });
});
after(async () => {
  await notified?.close();
  await at?.close();
});

const titles = async () => (await notified.outbox()).map(({ title }) => title);

test('an urgent incident is told once, a second signal and a milder one are not', async () => {
  const leak = makeEvent({ type: 'credential.leaked', server: 'CANARY', detail: { credential: 'c', of: 'CANARY' } });
  await recordEvents(at.prisma, [leak]);
  await notified.tell();
  assert.equal(await watchLog(at.prisma), 1);
  await recordEvents(at.prisma, [leak, makeEvent({ type: 'credential.rotation-failed', detail: { name: 'n' } })]);
  await notified.tell();
  await watchLog(at.prisma);
  await notified.tell();
  const told = (await titles()).filter((title) => title.startsWith('Incident'));
  assert.deepEqual(told, ['Incident: Credential sent elsewhere']);
});

test('a drill says that it is one', async () => {
  await startDrill(at, at.admin, 'token-misused');
  await notified.tell();
  assert.deepEqual((await titles()).slice(-1), ['Drill: Agent token at the console']);
});
