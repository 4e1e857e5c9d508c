// Where everybody went: counted, collapsed in the log, listed, turned into entries, forgotten.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { egressEntrySchema } from '#lib/contracts/egress.ts';
import { egressAttemptsPageSchema, egressAttemptsQuerySchema } from '#lib/contracts/egress-attempts.ts';

import { allowAttempt } from '#lib/server/egress/allow-attempt.ts';
import { loadEntries } from '#lib/server/egress/entry-rows.ts';
import { forgetAttempts } from '#lib/server/egress/forget-attempts.ts';
import { listAttempts } from '#lib/server/egress/list-attempts.ts';
import { type AttemptBook, type AttemptNote, createAttemptBook } from '#lib/server/egress/record-attempt.ts';
import { makeAgent } from '#tests/fixtures/agents.ts';
import { type Installation, openInstallation, recordedEvents, withRoles } from '#tests/fixtures/installation.ts';

let at: Installation;
let book: AttemptBook;
before(async () => {
  at = await openInstallation();
  await makeAgent(at, { name: 'bot' });
});
after(() => at.close());
beforeEach(async () => {
  await at.prisma.egressAttempt.deleteMany();
  await at.prisma.auditInbox.deleteMany();
  book = createAttemptBook(at);
});

const refused: AttemptNote = {
  identity: 'agent:bot',
  scheme: 'https',
  host: 'paste.example',
  port: 443,
  verdict: 'denied',
  reason: 'The destination is not on the allowlist.',
};
const all = egressAttemptsQuerySchema.parse({});
const deniedEvents = async () => (await recordedEvents(at.prisma)).filter((event) => event.type === 'egress.denied');
const soon = () => new Date(Date.now() + 86_400_000).toISOString();

test('one destination is one row with its counts, and the log hears of it once a minute', async () => {
  for (let i = 0; i < 3; i++) book.note(refused);
  book.note({ ...refused, verdict: 'allowed', reason: null, bytesOut: 10, bytesIn: 20 });
  book.note({ ...refused, verdict: 'allowed', reason: null, count: 0, bytesOut: 1, bytesIn: 2 });
  await book.flush();
  const another = createAttemptBook(at);
  another.note(refused);
  await another.close();
  const page = egressAttemptsPageSchema.parse(await listAttempts(at.prisma, all));
  const shown = page.items.map(({ verdict, count, bytesOut, bytesIn }) => [verdict, count, bytesOut, bytesIn]);
  assert.deepEqual(shown.toSorted(), [
    ['allowed', 1, 11, 22],
    ['denied', 4, 0, 0],
  ]);
  const events = await deniedEvents();
  assert.equal(events.length, 1);
  assert.match(events[0]?.text ?? '', /"agent":\{"name":"bot"\}.*"host":"paste\.example"/);
  await at.prisma.egressAttempt.updateMany({ data: { recordedAt: new Date(Date.now() - 61_000) } });
  book.note(refused);
  await book.close();
  assert.equal((await deniedEvents()).length, 2);
});

test('an agent that invents names fills neither the list nor the log, and hides nobody else', async () => {
  for (let i = 0; i < 3_000; i++) book.note({ ...refused, host: `h${i}.example` });
  book.note({ ...refused, identity: 'gateway', host: 'seen.example' });
  await book.close();
  assert.equal(await at.prisma.egressAttempt.count(), 501);
  assert.equal(await at.prisma.egressAttempt.count({ where: { host: 'seen.example' } }), 1);
  const events = await deniedEvents();
  assert.equal(events.length, 101);
  assert.match(events.at(-1)?.text ?? '', /401 more destinations/);
});

test('what a stranger typed is stored as text, however broken', async () => {
  const hosts = ['nul\0.example', '\ud800.example', '⟨U+202E⟩'.repeat(200), "'; DROP TABLE egress_attempts; --"];
  for (const host of hosts) book.note({ ...refused, host });
  await book.close();
  const { items } = await listAttempts(at.prisma, all);
  assert.equal(items.length, hosts.length);
  assert.ok(items.every((item) => item.host.length <= 253 && item.host.isWellFormed()));
});

test('notes survive a database that is away for a moment', async () => {
  await at.prisma.$executeRaw`ALTER TABLE egress_attempts RENAME TO egress_attempts_away`;
  book.note(refused);
  await book.flush();
  await at.prisma.$executeRaw`ALTER TABLE egress_attempts_away RENAME TO egress_attempts`;
  await book.close();
  assert.equal((await listAttempts(at.prisma, all)).items[0]?.count, 1);
  assert.equal((await deniedEvents()).length, 1);
});

test('the list pages from the newest on, by verdict and identity, and says what is allowed by now', async () => {
  for (let i = 0; i < 5; i++) book.note({ ...refused, host: `h${i}.example` });
  book.note({ ...refused, verdict: 'held', identity: 'server:files' });
  await book.close();
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listAttempts(at.prisma, { limit: 2, verdict: 'denied', identity: 'agent:bot', cursor });
    seen.push(...page.items.map((item) => item.host));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  assert.deepEqual(seen.toSorted(), ['h0.example', 'h1.example', 'h2.example', 'h3.example', 'h4.example']);
  assert.equal((await listAttempts(at.prisma, { ...all, cursor: 'nonsense' })).items.length, 6);
});

test('an admin turns a refusal into an entry with a reason and an end, for that identity alone', async () => {
  book.note(refused);
  await book.close();
  const [attempt] = (await listAttempts(at.prisma, all)).items;
  assert.ok(attempt);
  assert.equal(attempt.listed, false);
  const input = { reason: 'pastes of the release bot', expires: soon(), path: '/', cidr: null };
  const reviewer = withRoles(at.admin, ['reviewer', 'security']);
  const barred = await allowAttempt(at, reviewer, attempt.id, input);
  assert.equal(barred.ok ? null : barred.error.code, 'not-allowed');
  const made = await allowAttempt(at, at.admin, attempt.id, input);
  assert.ok(made.ok);
  const entry = egressEntrySchema.parse(made.value);
  assert.deepEqual([entry.identity, entry.host, entry.owner], ['agent:bot', 'paste.example', at.admin.email]);
  assert.equal((await listAttempts(at.prisma, all)).items[0]?.listed, true);
  assert.deepEqual(await loadEntries(at.prisma), [], 'the gateway itself may not go there');
  assert.equal((await loadEntries(at.prisma, 'agent:bot')).length, 1);
  const gone = await allowAttempt(at, at.admin, '00000000-0000-7000-8000-000000000000', input);
  assert.equal(gone.ok ? null : gone.error.code, 'not-found');
});

test('what no entry could open is not allowed by way of an attempt either', async () => {
  book.note({ ...refused, host: '169.254.169.254' });
  book.note({ ...refused, host: '127.0.0.1' });
  book.note({ ...refused, host: '*.com' });
  book.note({ ...refused, scheme: 'gopher' });
  book.note({ ...refused, port: 0 });
  book.note({ ...refused, identity: 'agent:nobody' });
  await book.close();
  for (const { id, host } of (await listAttempts(at.prisma, all)).items) {
    for (const cidr of [null, '169.254.0.0/16']) {
      const made = await allowAttempt(at, at.admin, id, { reason: 'please', expires: soon(), path: '/', cidr });
      assert.equal(made.ok ? 'allowed' : made.error.code, 'invalid-request', `${host} ${cidr}`);
    }
  }
});

test('attempts are forgotten after 30 days, and beyond 5,000 of one identity', async () => {
  book.note(refused);
  book.note({ ...refused, host: 'old.example' });
  await book.close();
  await at.prisma.egressAttempt.updateMany({
    where: { host: 'old.example' },
    data: { lastSeen: new Date(Date.now() - 31 * 86_400_000) },
  });
  await at.prisma.$executeRaw`
    INSERT INTO egress_attempts (id, identity, scheme, host, port, verdict, first_seen, last_seen)
    SELECT gen_random_uuid(), 'agent:loud', 'https', 'h' || n, 443, 'denied', now(), now() FROM generate_series(1, 5003) n`;
  await forgetAttempts(at.prisma);
  assert.equal(await at.prisma.egressAttempt.count({ where: { identity: 'agent:loud' } }), 5000);
  assert.deepEqual(
    (await at.prisma.egressAttempt.findMany({ where: { identity: 'agent:bot' } })).map((row) => row.host),
    ['paste.example'],
  );
});
