// T44, X09, U01: nothing that an agent, a tool or a reason says is in a byte that leaves on any channel.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { kill } from '#lib/server/kill-switch/kill.ts';
import { subscribe } from '#lib/server/notifications/subscriptions.ts';
import { type MailServer, startMailServer } from '#tests/fakes/mail-server.ts';
import { type FakeBrowser, type PushService, startPushService } from '#tests/fakes/push-service.ts';
import { startTripwire, type Tripwire } from '#tests/fakes/tripwire.ts';
import { makeEvent, recordEvents } from '#tests/fixtures/audit-log.ts';
import { type HeldCalls, holdCalls } from '#tests/fixtures/held-calls.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addChannel, allowForNotifications, type Notified, openNotified } from '#tests/fixtures/notifications.ts';
import { addPerson } from '#tests/fixtures/people.ts';

const CANARY = 'canary-7f3a';
let at: Installation;
let calls: HeldCalls;
let mail: MailServer;
let push: PushService;
let wire: Tripwire;
let browser: FakeBrowser;
let notified: Notified;

before(async () => {
  at = await openInstallation();
  const ben = await addPerson(at, 'ben');
  calls = await holdCalls(at);
  [mail, push, wire] = await Promise.all([startMailServer({ tls: 'none' }), startPushService(), startTripwire()]);
  notified = await openNotified(at, { ca: push.ca });
  const from = 'countersign@example.com';
  const smtp = { kind: 'email', host: '127.0.0.1', port: mail.port, tls: 'none', from, username: null } as const;
  await addChannel(at, { ...smtp, perPersonPerHour: 1000 });
  await addChannel(at, { kind: 'web-push', contact: 'mailto:ops@example.com' });
  await addChannel(at, { kind: 'slack', webhookUrl: `http://127.0.0.1:${wire.port}/slack` });
  await addChannel(at, { kind: 'webhook', url: `http://127.0.0.1:${wire.port}/hook` });
  await allowForNotifications(at, push.port);
  browser = push.browser('bens');
  assert.ok((await subscribe(at, ben, { endpoint: browser.endpoint, keys: browser.keys, device: 'Laptop' })).ok);
});
after(async () => {
  await notified?.close();
  await Promise.all([mail?.close(), push?.close(), wire?.close()]);
  await calls?.close();
  await at?.close();
});

test('canaries in arguments, reasons, descriptions, tool names and sessions leave on no channel (T44, X09, U01)', async () => {
  await at.prisma.tool.updateMany({ data: { definition: { name: 'exec', description: `${CANARY}-description` } } });
  await calls.hold({
    args: { command: `${CANARY}-argument`, [`${CANARY}-key`]: 1 },
    reason: `${CANARY}-reason`,
    onBehalfOf: `${CANARY}-principal`,
    session: `${CANARY}-session`,
  });
  const said = {
    tool: `${CANARY}-tool`,
    agent: `${CANARY}-agent`,
    session: `${CANARY}-session`,
    code: `${CANARY}-code`,
  };
  await recordEvents(at.prisma, [
    makeEvent({ ...said, type: 'tool.drifted', server: 'files', detail: { name: `${CANARY}-detail` } }),
    makeEvent({
      ...said,
      type: 'call.replayed-with-other-arguments',
      server: 'files',
      payload: `{"x":"${CANARY}-payload"}`,
    }),
    makeEvent({ ...said, type: 'credential.reminded', server: 'files', detail: { name: `${CANARY}-name`, days: 7 } }),
    makeEvent({ ...said, type: 'break-glass.opened', detail: { ticket: `${CANARY}-ticket` } }),
    makeEvent({ ...said, type: 'session.quarantined', detail: { reason: `${CANARY}-reason` } }),
  ]);
  assert.ok((await kill(at, at.admin, { scope: 'tier:low', reason: `${CANARY}-kill` })).ok);
  await notified.tell();
  for (let n = 0; n < 6; n++) await notified.sendLater();
  const delivered = [
    ...mail.mails.map((one) => one.raw),
    ...wire.requests.map((one) => JSON.stringify(one)),
    ...push.pushed.map((one) => JSON.stringify(one.headers) + one.path),
    ...browser.told().map((one) => JSON.stringify(one)),
  ];
  assert.ok(mail.mails.length > 4 && wire.requests.length > 10 && browser.told().length > 0, 'something was sent');
  assert.deepEqual(
    delivered.filter((text) => Buffer.from(text).includes(CANARY)),
    [],
  );
  const rows = await at.prisma.notificationDelivery.findMany({});
  assert.ok(
    !JSON.stringify(rows, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)).includes(
      CANARY,
    ),
  );
  const open = rows.filter((row) => row.state === 'waiting' || row.state === 'dead');
  assert.deepEqual(
    open.map((row) => [row.channelId, row.why]),
    [],
  );
  for (const told of browser.told()) assert.deepEqual(Object.keys(Object(told)), ['id', 'tier', 'title', 'url']);
});
