import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openCheckpoint } from '#lib/core/audit/checkpoint.ts';
import { verifyConsistency } from '#lib/core/audit/consistency.ts';
import { verifyInclusion } from '#lib/core/audit/merkle.ts';
import { verifyExport } from '#lib/core/audit/verify-export.ts';
import { fromHex } from '#lib/core/hash/bytes.ts';
import { exportLog } from '#lib/server/audit/export-log.ts';
import { readCheckpoint } from '#lib/server/audit/read-head.ts';
import { readConsistencyProof, readInclusionProof } from '#lib/server/audit/read-proof.ts';
import { readInclusionProofs } from '#lib/server/audit/read-proofs.ts';
import { createPrisma, type Database } from '#lib/server/db/prisma.ts';
import { makeEvent, makeLogSigning, recordEvents, stepLog, verifyEd25519 } from '#tests/fixtures/audit-log.ts';
import { createTestDatabase, type TestDatabase } from '#tests/postgres/harness.ts';

const signing = makeLogSigning();
let database: TestDatabase;
let prisma: Database;
let lines: string[];

before(async () => {
  database = await createTestDatabase();
  prisma = createPrisma(database.url, { max: 4 });
  const log = await stepLog(database.url);
  await recordEvents(
    prisma,
    Array.from({ length: 20 }, (_, n) => makeEvent({ session: `s${n % 3}`, tool: `tool_${n}`, payload: `{"n":${n}}` })),
  );
  await log.drainAndPublish(signing);
  await recordEvents(
    prisma,
    Array.from({ length: 300 }, (_, n) => makeEvent({ session: `s${n % 3}`, tool: `tool_${20 + n}` })),
  );
  await log.drainAndPublish(signing);
  await log.close();
  lines = await exported();
});

after(async () => {
  await prisma.$disconnect();
  await database.drop();
});

async function exported(until?: number): Promise<string[]> {
  let text = '';
  const sink = {
    write: (line: string) => {
      text += line;
    },
  };
  const done = await exportLog(prisma, sink, { vkey: signing.vkey, ...(until && { until }) });
  assert.ok(done.ok);
  return text.trimEnd().split('\n');
}

const check = (some: readonly string[]) =>
  verifyExport({ lines: some, vkey: signing.vkey, verifySignature: verifyEd25519 });

function assertRed(some: readonly string[], code: string, seq?: number) {
  const verdict = check(some);
  assert.ok(verdict.kind === 'failed', 'the verifier must refuse it');
  const named = verdict.findings.find((finding) => finding.code === code && (seq === undefined || finding.seq === seq));
  assert.ok(named, `expected ${code} at ${seq}, found ${JSON.stringify(verdict.findings)}`);
}

test('an export of the whole log verifies offline with the key alone', () => {
  const verdict = check(lines);
  assert.equal(verdict.kind, 'verified', JSON.stringify(verdict));
  assert.ok(verdict.kind === 'verified');
  assert.equal(verdict.size, 320);
  assert.equal(verdict.sessions, 3);
  assert.equal(verdict.keySource, 'given');
});

test('an export up to an older head verifies as well', async () => {
  const verdict = check(await exported(100));
  assert.ok(verdict.kind === 'verified');
  assert.equal(verdict.size, 20);
});

test('one changed byte is refused and the entry named', () => {
  const changed = lines.with(7, (lines[7] ?? '').replace('tool_7', 'tool_8'));
  assert.notDeepEqual(changed, lines);
  assertRed(changed, 'entry-changed', 7);
});

test('one deleted row is refused and its number named', () => {
  assertRed(lines.toSpliced(11, 1), 'missing-entry', 11);
});

test('two swapped rows are refused', () => {
  assertRed(lines.with(3, lines[4] ?? '').with(4, lines[3] ?? ''), 'out-of-order', 3);
});

test('a log cut short is refused', () => {
  assertRed(lines.toSpliced(300, 20), 'missing-entry', 300);
});

test('a head of another key is refused', () => {
  const verdict = verifyExport({ lines, vkey: makeLogSigning().vkey, verifySignature: verifyEd25519 });
  assert.equal(verdict.kind, 'failed');
});

test('an inclusion proof from the database convinces somebody who holds only the checkpoint', async () => {
  const head = await readCheckpoint(prisma);
  assert.ok(head);
  const opened = openCheckpoint(head.note, signing.vkey, verifyEd25519);
  assert.ok(opened.ok);
  const { size, rootHash: root } = opened.value;
  for (const seq of [0, 19, 255, 256, 319]) {
    const proof = await readInclusionProof(prisma, seq);
    assert.ok(proof.ok);
    const claim = {
      leaf: fromHex(proof.value.leaf) ?? new Uint8Array(),
      index: seq,
      size,
      proof: proof.value.proof.map((hex) => fromHex(hex) ?? new Uint8Array()),
      root,
    };
    assert.ok(verifyInclusion(claim), `entry ${seq}`);
    assert.ok(!verifyInclusion({ ...claim, leaf: new Uint8Array(32) }));
  }
  assert.ok(!(await readInclusionProof(prisma, 320)).ok);
});

test('a consistency proof shows that the newest head extends the one remembered', async () => {
  const remembered = await readCheckpoint(prisma, 20);
  const head = await readCheckpoint(prisma);
  assert.ok(remembered && head);
  const proof = await readConsistencyProof(prisma, remembered.size);
  assert.ok(proof.ok);
  const claim = {
    fromSize: remembered.size,
    fromRoot: fromHex(remembered.root) ?? new Uint8Array(),
    toSize: head.size,
    toRoot: fromHex(head.root) ?? new Uint8Array(),
    proof: proof.value.proof.map((hex) => fromHex(hex) ?? new Uint8Array()),
  };
  assert.ok(verifyConsistency(claim));
  assert.ok(!verifyConsistency({ ...claim, fromRoot: new Uint8Array(32) }), 'a fork must show');
});

test('the proofs of a page lead to the root of any head that was signed, each hash sent once', async () => {
  const [older, newest] = [await readCheckpoint(prisma, 20), await readCheckpoint(prisma)];
  assert.ok(older !== null && newest !== null && older.size === 20 && newest.size === 320);
  for (const head of [older, newest]) {
    const asked = [0, 5, 19, 20, 255, 256, 319, 320];
    const answer = await readInclusionProofs(prisma, asked, head.size);
    assert.ok(answer.ok);
    const { hashes, proofs } = answer.value;
    assert.deepEqual(
      proofs.map(({ seq }) => Number(seq)),
      asked.filter((seq) => seq < head.size),
    );
    assert.equal(new Set(hashes).size, hashes.length);
    for (const { seq, path } of proofs) {
      const index = Number(seq);
      const [leaf, root] = [fromHex(JSON.parse(lines[index] ?? '').leaf), fromHex(head.root)];
      const proof = path.map((place) => fromHex(hashes[place] ?? '')).filter((hash) => hash !== null);
      assert.ok(leaf !== null && root !== null);
      assert.ok(verifyInclusion({ leaf, index, size: head.size, proof, root }), `entry ${seq} of ${head.size}`);
      // The twin: under another number the same path proves nothing.
      assert.ok(!verifyInclusion({ leaf, index: index ^ 1, size: head.size, proof, root }), `not ${index ^ 1}`);
    }
  }
  const early = await readInclusionProofs(prisma, [0], newest.size + 1);
  assert.ok(!early.ok && early.error.code === 'not-found');
});
