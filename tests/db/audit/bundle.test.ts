// Evidence bundles: what is taken away of the log verifies offline, and that it was taken is in the log.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { type BundleOf, MOST_BUNDLED } from '#lib/contracts/audit.ts';
import { type Files, readTar } from '#lib/core/audit/tar.ts';
import { verifyBundle } from '#lib/core/audit/verify-bundle.ts';
import { makeBundle } from '#lib/server/audit/make-bundle.ts';
import { createPrisma, type Database } from '#lib/server/db/prisma.ts';
import {
  auditKeys,
  makeEvent,
  makeLogSigning,
  recordEvents,
  type SteppedLog,
  stepLog,
  verifyEd25519,
} from '#tests/fixtures/audit-log.ts';
import { createTestDatabase, type TestDatabase } from '#tests/postgres/harness.ts';

const signing = makeLogSigning();
const keys = { ...auditKeys, logSigning: signing };
const by = { kind: 'operator', name: 'operator' } as const;
const callId = randomUUID();
const otherCallId = randomUUID();
const requestId = randomUUID();
const SESSION = 'openclaw-prod/story';
const SECRET = '{"password":"hunter2"}';
let database: TestDatabase;
let prisma: Database;
let log: SteppedLog;

before(async () => {
  database = await createTestDatabase();
  prisma = createPrisma(database.url, { max: 4 });
  log = await stepLog(database.url);
  await recordEvents(prisma, [
    ...Array.from({ length: 300 }, () => makeEvent({ session: 'noise' })),
    makeEvent({ type: 'request.opened', callId, requestId, session: 'story', payload: SECRET }),
    makeEvent({ type: 'request.attached', callId: otherCallId, requestId, session: 'story' }),
    makeEvent({
      type: 'request.denied',
      callId,
      requestId,
      session: 'story',
      actor: { type: 'person', id: 'b', name: 'Ben' },
    }),
    ...Array.from({ length: 30 }, () => makeEvent({ session: 'noise' })),
  ]);
  await log.drainAndPublish(signing);
});
after(async () => {
  await log?.close();
  await prisma?.$disconnect();
  await database?.drop();
});

async function take(of: BundleOf): Promise<Files> {
  const made = await makeBundle({ prisma, keys }, by, of);
  assert.ok(made.ok, JSON.stringify(made));
  const files = readTar(gunzipSync(made.value.bytes));
  assert.ok(files.ok);
  return files.value;
}
const verify = (files: Files) => verifyBundle({ files, vkey: signing.vkey, verifySignature: verifyEd25519 });
const exported = async () =>
  (await prisma.$queryRaw<{ event: string }[]>`SELECT event FROM audit_inbox WHERE event LIKE '%log.exported%'`).map(
    ({ event }) => event,
  );

test('the evidence of a call holds its request and who joined it, and verifies with the key alone', async () => {
  const files = await take({ kind: 'call', callId });
  const verdict = verify(files);
  assert.ok(verdict.kind === 'verified-part', JSON.stringify(verdict));
  assert.deepEqual([verdict.entries, verdict.of, verdict.wholeSession], [3, `call ${callId}`, null]);
  const text = [...files.values()].map((bytes) => Buffer.from(bytes).toString()).join('\n');
  assert.ok(!text.includes('hunter2'), 'arguments are not in it');
  assert.ok(!text.includes(auditKeys.masterKey.toString('hex')));
});

test('the evidence of a session is shown to be whole, and one entry left out of it is noticed', async () => {
  const files = await take({ kind: 'session', sessionId: SESSION });
  const verdict = verify(files);
  assert.ok(verdict.kind === 'verified-part' && verdict.wholeSession === SESSION && verdict.entries === 3);
  const entries = Buffer.from(files.get('entries.ndjson') ?? [])
    .toString()
    .split('\n');
  const cut = new Map([...files, ['entries.ndjson', Buffer.from(entries.toSpliced(1, 1).join('\n'))]]);
  const failed = verify(cut);
  assert.ok(failed.kind === 'failed');
  const codes = new Set(failed.findings.map(({ code }) => code));
  for (const code of ['session-gap', 'file-changed', 'missing-entry'] as const) assert.ok(codes.has(code), code);
});

test('the evidence of a view holds what its filters find', async () => {
  const verdict = verify(await take({ kind: 'view', filters: { type: 'request.denied', actor: 'Ben' } }));
  assert.ok(verdict.kind === 'verified-part' && verdict.entries === 1);
  assert.equal(verdict.of, 'view entries, type request.denied, actor Ben');
});

test('that somebody took it is in the log before they have it', async () => {
  const before = (await exported()).length;
  await take({ kind: 'call', callId });
  const told = (await exported()).slice(before);
  assert.equal(told.length, 1);
  assert.match(told[0] ?? '', new RegExp(`"of":"call ${callId}"`));
  for (const of of [
    { kind: 'call', callId: randomUUID() },
    { kind: 'view', filters: { call: 'x' } },
    { kind: 'view', filters: { since: 'yesterday' } },
  ] as const) {
    const refused = await makeBundle({ prisma, keys }, by, of);
    assert.ok(!refused.ok, 'and what is refused is not');
  }
  assert.equal((await exported()).length, before + 1);
});

test('entries that no signed head covers are left out, and more than the most are refused', async () => {
  await recordEvents(prisma, [makeEvent({ type: 'request.expired', callId, requestId, session: 'story' })]);
  await log.reign.sequence(1000);
  assert.equal(await prisma.auditEntry.count({ where: { callId } }), 3);
  const early = verify(await take({ kind: 'call', callId }));
  assert.ok(early.kind === 'verified-part' && early.entries === 3);
  await log.drainAndPublish(signing);
  const late = verify(await take({ kind: 'call', callId }));
  assert.ok(late.kind === 'verified-part' && late.entries === 4);

  const many = Array.from({ length: MOST_BUNDLED }, () => makeEvent({ session: 'noise', server: 'flood' }));
  await recordEvents(prisma, many);
  await log.drainAndPublish(signing);
  const most = verify(await take({ kind: 'view', filters: { server: 'flood' } }));
  assert.ok(most.kind === 'verified-part' && most.entries === MOST_BUNDLED);
  await recordEvents(prisma, [makeEvent({ session: 'noise', server: 'flood' })]);
  await log.drainAndPublish(signing);
  const refused = await makeBundle({ prisma, keys }, by, { kind: 'view', filters: { server: 'flood' } });
  assert.ok(!refused.ok && refused.error.code === 'invalid-request');
});
