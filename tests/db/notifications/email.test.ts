// To mailboxes, by a real SMTP server: TLS that is verified, names that begin no header, servers that refuse or are away.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { DEFAULT_PREFERENCES } from '#lib/core/notifications/preferences.ts';
import type { Dispatcher } from '#lib/server/notifications/dispatcher.ts';
import { changePreferences } from '#lib/server/notifications/preferences.ts';
import { changeChannel } from '#lib/server/notifications/save-channel.ts';
import { type MailServer, startMailServer } from '#tests/fakes/mail-server.ts';
import { makeEvent, recordEvents } from '#tests/fixtures/audit-log.ts';
import { type HeldCalls, holdCalls } from '#tests/fixtures/held-calls.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addChannel, makeDispatcher, type Notified, openNotified } from '#tests/fixtures/notifications.ts';
import { addPerson, CONSOLE_URL } from '#tests/fixtures/people.ts';

const SECRET = 'smtp-secret-canary-0001';
const HOSTILE = 'x\r\nBcc: everybody@evil.example\r\n\r\n<img src=https://evil.example> =?utf-8?q?=0A?=';
let at: Installation;
let calls: HeldCalls;
let server: MailServer;
let notified: Notified;
let channelId = '';

before(async () => {
  at = await openInstallation();
  const ben = await addPerson(at, 'ben');
  await changePreferences(at, ben, {
    ...DEFAULT_PREFERENCES,
    quietHours: null,
  });
  calls = await holdCalls(at);
  server = await startMailServer({ password: SECRET });
  notified = await openNotified(at, { ca: server.ca });
  const channel = await addChannel(at, {
    kind: 'email',
    host: '127.0.0.1',
    port: server.port,
    tls: 'starttls',
    username: 'countersign',
    password: SECRET,
    from: 'countersign@example.com',
    perPersonPerHour: 30,
  });
  channelId = channel.id;
});
after(async () => {
  await notified?.close();
  await server?.close();
  await calls?.close();
  await at?.close();
});
beforeEach(async () => {
  server.mails.length = 0;
  server.refused.clear();
  await at.prisma.notificationDelivery.deleteMany({});
});

test('a mail goes over STARTTLS, signed in, as plain text with a link and nothing that was asked for', async () => {
  const { id } = await calls.hold();
  await notified.tell();
  await notified.send();
  const [mail] = server.mails;
  assert.ok(mail !== undefined && server.mails.length === 1);
  assert.deepEqual([mail.secure, mail.user, mail.to], [true, 'countersign', ['ben@example.com']]);
  assert.equal(mail.parsed.subject, 'High: shell on host waits for a decision');
  assert.equal(mail.parsed.html, false);
  assert.match(mail.parsed.text ?? '', new RegExp(`^${CONSOLE_URL}/approvals/${id}$`, 'm'));
  assert.match(mail.parsed.text ?? '', /^Tier: high$/m);
  assert.equal(mail.parsed.headers.get('auto-submitted'), 'auto-generated');
  const [row] = await notified.outbox();
  assert.equal(mail.parsed.messageId, `<${row?.id}@countersign.invalid>`);
  assert.equal(row?.state, 'delivered');
});

test('a server’s name begins no header, adds no recipient and is no markup', async () => {
  await recordEvents(at.prisma, [makeEvent({ type: 'tool.drifted', server: HOSTILE })]);
  await notified.tell();
  await notified.send();
  const [mail] = server.mails;
  assert.ok(mail !== undefined && server.mails.length === 1);
  assert.deepEqual(mail.to, ['ana@example.com']);
  assert.deepEqual([mail.parsed.bcc, mail.parsed.cc, mail.parsed.attachments], [undefined, undefined, []]);
  assert.match(mail.parsed.subject ?? '', /^Tools of x\[U\+000D\]\[U\+000A\]Bcc\[U\+003A\]/);
  assert.doesNotMatch(mail.raw, /^Bcc:/im);
  assert.doesNotMatch(mail.raw, /<img|evil\.example|=\?utf/);
});

test('a recipient that the server refuses for good is given up at once, and the log says so', async () => {
  server.refused.set('ben@example.com', 550);
  await calls.hold();
  await notified.tell();
  await notified.send();
  const [row] = await notified.outbox();
  assert.deepEqual([row?.state, row?.why, row?.attempts], ['dead', 'The mail server refused it: 550.', 1]);
  await notified.tell();
  const given = await at.prisma.auditEntry.findMany({ where: { type: 'notification.given-up' } });
  assert.equal(given.length, 1);
});

test('a server that asks for patience (4xx) is tried again', async () => {
  server.refused.set('ben@example.com', 450);
  await calls.hold();
  await notified.tell();
  await notified.send();
  assert.deepEqual(
    (await notified.outbox()).map((row) => [row.state, row.why]),
    [['waiting', 'The mail server answered 450.']],
  );
  server.refused.clear();
  await notified.sendLater();
  assert.equal(server.mails.length, 1);
});

test('mail that a server was down for arrives when it is up, as the same message', async () => {
  const { port } = server;
  await server.close();
  await calls.hold();
  await notified.tell();
  await notified.send();
  const [before] = await notified.outbox();
  assert.deepEqual([before?.state, before?.why], ['waiting', 'The mail server could not be reached.']);
  server = await startMailServer({ password: SECRET, port });
  await at.prisma.$executeRaw`UPDATE notification_deliveries SET due_at = clock_timestamp()`;
  const other = makeDispatcher(at, { ca: server.ca });
  await sendWith(other);
  assert.equal(server.mails[0]?.parsed.messageId, `<${before?.id}@countersign.invalid>`);
  await other.close();
});

test('a server whose certificate nobody vouches for gets neither the password nor a mail', async () => {
  const stranger = makeDispatcher(at, { ca: (await startAndClose()).ca });
  await calls.hold();
  await notified.tell();
  await sendWith(stranger);
  assert.equal(server.mails.length, 0);
  const [row] = await notified.outbox();
  assert.equal(row?.state, 'waiting');
  await stranger.close();
});

test('past the hourly cap one mail stands for those that wait', async () => {
  const capped = await changeChannel(at, at.admin, channelId, {
    config: {
      kind: 'email',
      host: '127.0.0.1',
      port: server.port,
      tls: 'starttls',
      username: 'countersign',
      from: 'countersign@example.com',
      perPersonPerHour: 2,
    },
    addEgress: false,
    reason: 'set by the test',
  });
  assert.ok(capped.ok, JSON.stringify(capped));
  const fresh = makeDispatcher(at, { ca: server.ca });
  for (const burst of [1, 3]) {
    for (let n = 0; n < burst; n++) await calls.hold();
    await notified.tell();
    await sendWith(fresh);
  }
  assert.deepEqual(
    server.mails.map((mail) => mail.parsed.subject),
    ['High: shell on host waits for a decision', 'High: shell on host waits for a decision - 2 more wait'],
  );
  await fresh.close();
});

test('a kept password goes to no other server, and none goes without TLS', async () => {
  const to = (more: object) =>
    changeChannel(at, at.admin, channelId, {
      config: {
        kind: 'email',
        host: '127.0.0.1',
        port: server.port,
        tls: 'starttls',
        username: 'countersign',
        from: 'countersign@example.com',
        perPersonPerHour: 30,
        ...more,
      },
      addEgress: true,
      reason: 'set by the test',
    });
  for (const more of [{ host: 'evil.example' }, { port: 2525 }, { username: 'else' }, { tls: 'none' as const }]) {
    const refused = await to(more);
    assert.equal(refused.ok ? 'changed' : refused.error.code, 'invalid-request', JSON.stringify(more));
  }
});

async function sendWith(dispatcher: Dispatcher): Promise<void> {
  await dispatcher.run();
  await dispatcher.drain();
}

async function startAndClose(): Promise<MailServer> {
  const other = await startMailServer();
  await other.close();
  return other;
}
