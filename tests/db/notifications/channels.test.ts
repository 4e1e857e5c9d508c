// Channels as admins make them and as everybody else sees them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ChannelCreate } from '#lib/contracts/channel-input.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { listChannels } from '#lib/server/notifications/channel-view.ts';
import { changeChannel, createChannel, removeChannel } from '#lib/server/notifications/save-channel.ts';
import { testChannel } from '#lib/server/notifications/test-channel.ts';
import { startTripwire, type Tripwire } from '#tests/fakes/tripwire.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addPerson, CONSOLE_URL } from '#tests/fixtures/people.ts';

const reason = 'set by the test';
let at: Installation;
let wire: Tripwire;
let ben: HumanPrincipal;
before(async () => {
  at = await openInstallation();
  wire = await startTripwire();
  ben = await addPerson(at, 'ben');
});
after(async () => {
  await wire?.close();
  await at?.close();
});

const hook = (more: Partial<ChannelCreate> = {}): ChannelCreate => ({
  name: 'siem',
  config: { kind: 'webhook', url: `http://127.0.0.1:${wire.port}/in/url-canary` },
  addEgress: false,
  reason,
  ...more,
});
const view = (reader: HumanPrincipal) => listChannels(at.prisma, { keys: at.keys, consoleUrl: CONSOLE_URL }, reader);

test('a channel that the allowlist does not cover is refused with the entry it needs, and made with it', async () => {
  const refused = await createChannel(at, at.admin, hook());
  assert.ok(!refused.ok);
  assert.equal(refused.error.code, 'egress-entry-needed');
  const needed = {
    identity: 'notifications',
    scheme: 'http',
    host: '127.0.0.1',
    port: wire.port,
    path: '/',
    cidr: '127.0.0.1/32',
    reason: 'Notification channel siem',
    expires: null,
  };
  assert.deepEqual('extra' in refused.error ? refused.error.extra : null, { needs: [needed] });
  assert.equal(await at.prisma.notificationChannel.count(), 0);
  const made = await createChannel(at, at.admin, hook({ addEgress: true }));
  assert.ok(made.ok);
  assert.match(made.value.secret ?? '', /^whsec_/);
  assert.equal(await at.prisma.egressEntry.count({ where: { identity: 'notifications' } }), 1);
});

test('only an admin makes, changes, tests and removes channels', async () => {
  const { items } = await view(at.admin);
  const id = items[0]?.id ?? '';
  for (const refused of [
    await createChannel(at, ben, hook({ name: 'other' })),
    await changeChannel(at, ben, id, { enabled: false, addEgress: false, reason }),
    await removeChannel(at, ben, id, reason),
    await testChannel({ ...at, consoleUrl: CONSOLE_URL }, ben, id),
  ]) {
    assert.equal(refused.ok ? '' : refused.error.code, 'not-allowed');
  }
});

test('no secret comes out again, not even the address; to most people not even where it leads', async () => {
  const seen = await view(at.admin);
  assert.deepEqual(seen.items[0]?.config, { kind: 'webhook', origin: `http://127.0.0.1:${wire.port}` });
  assert.deepEqual(
    seen.items[0]?.egress.map((entry) => entry.listed),
    [true],
  );
  assert.deepEqual(
    (await view(ben)).items.map(({ config, egress }) => ({ config, egress })),
    [{ config: null, egress: [] }],
  );
  const rows = await at.prisma.notificationChannel.findMany({ omit: { sealed: true } });
  const log = await at.prisma.auditInbox.findMany({ select: { event: true } });
  for (const text of [JSON.stringify(seen), JSON.stringify(rows), JSON.stringify(log)]) {
    assert.doesNotMatch(text, /url-canary|whsec_/);
  }
});

test('a test message is sent at once and says how it went', async () => {
  const id = (await view(at.admin)).items[0]?.id ?? '';
  const deps = { ...at, consoleUrl: CONSOLE_URL };
  const sent = await testChannel(deps, at.admin, id);
  assert.deepEqual(sent, { ok: true, value: { ok: true, detail: 'It was taken.' } });
  assert.match(wire.requests[0]?.body ?? '', /"type":"test"/);
  wire.answer = { status: 403, headers: {}, body: 'answer-canary' };
  const refused = await testChannel(deps, at.admin, id);
  assert.deepEqual(refused, { ok: true, value: { ok: false, detail: 'It answered 403.' } });
});

test('tests are few in a quarter of an hour: by who asks and through a channel', async () => {
  const id = (await view(at.admin)).items[0]?.id ?? '';
  const deps = { ...at, consoleUrl: CONSOLE_URL };
  const dora = await addPerson(at, 'dora', ['admin']);
  const code = async (who: HumanPrincipal) => {
    const tested = await testChannel(deps, who, id);
    return tested.ok ? 'sent' : tested.error.code;
  };
  await at.prisma.$executeRaw`UPDATE attempt_windows SET count = 9 WHERE key = ${`notify-test:by:${at.admin.id}`}`;
  const before = wire.requests.length;
  assert.deepEqual([await code(at.admin), await code(at.admin), await code(dora)], ['sent', 'rate-limited', 'sent']);
  assert.equal(wire.requests.length, before + 2, 'what is refused is not sent');
  await at.prisma.$executeRaw`UPDATE attempt_windows SET count = 20 WHERE key = ${`notify-test:channel:${id}`}`;
  assert.equal(await code(dora), 'rate-limited');
  await at.prisma.$executeRaw`UPDATE attempt_windows SET window_start = window_start - interval '15 minutes 1 second'`;
  assert.equal(await code(at.admin), 'sent', 'the next quarter of an hour');
});

test('what nobody may have twice, and what would give a secret away, is refused with a sentence', async () => {
  const push = { kind: 'web-push', contact: 'mailto:ops@example.com' } as const;
  assert.ok((await createChannel(at, at.admin, hook({ name: 'push', config: push, addEgress: true }))).ok);
  const wrong: [string, Partial<ChannelCreate>][] = [
    ['name-taken', {}],
    ['conflict', { name: 'push-2', config: push }],
    ['invalid-request', { name: 'a', config: { kind: 'webhook', url: 'http://example.com/in' } }],
    ['invalid-request', { name: 'a', config: { kind: 'webhook', url: 'https://example.com/in#x' } }],
    ['invalid-request', { name: 'a', config: { kind: 'slack' } }],
    ['invalid-request', { name: 'a', config: { kind: 'slack', botToken: 'xoxb-1' } }],
  ];
  for (const [code, more] of wrong) {
    const refused = await createChannel(at, at.admin, hook({ addEgress: true, ...more }));
    assert.equal(refused.ok ? 'made' : refused.error.code, code, JSON.stringify(more));
  }
});

test('a removed channel takes its secrets with it', async () => {
  for (const { id } of (await view(at.admin)).items) assert.ok((await removeChannel(at, at.admin, id, reason)).ok);
  assert.equal(await at.prisma.notificationChannel.count(), 0);
  const told = await at.prisma.$queryRaw<{ type: string }[]>`
    SELECT DISTINCT event::jsonb->>'type' AS type FROM audit_inbox WHERE event LIKE '%"type":"notification.%' ORDER BY 1`;
  assert.deepEqual(
    told.map((row) => row.type),
    ['notification.channel-added', 'notification.channel-removed', 'notification.tested'],
  );
});
