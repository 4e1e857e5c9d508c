import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { writeTar } from '#lib/core/audit/tar.ts';
import { exportLines, sampleEntries, sampleSigner } from '#tests/vectors/sample-log.ts';
import { runVerify } from './main.ts';

const ROOM = mkdtempSync(join(tmpdir(), 'countersign-verify-'));
after(() => rmSync(ROOM, { recursive: true }));

const LINES = exportLines(sampleEntries(12));
let files = 0;
function file(content: string | Buffer, name = `${files++}.ndjson`, room = ROOM): string {
  const path = join(room, name);
  writeFileSync(path, content);
  return path;
}
const WHOLE = file(LINES.join('\n'));
const KEY = file(`${sampleSigner(1).vkey}\n`, 'log.pub');

async function run(...argv: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runVerify(argv, { out: (text) => out.push(text), err: (text) => err.push(text) });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

test('a whole export verifies with the key from elsewhere', async () => {
  const { code, out } = await run(WHOLE, '--key', KEY);
  assert.equal(code, 0);
  assert.match(
    out,
    /^VERIFIED: all 12 entries of countersign\.test\/log are unchanged, complete and in order; 2 sessions/,
  );
  assert.doesNotMatch(out, /key came with the export/);
});

test('without a key from elsewhere the verdict says that the key came with the export', async () => {
  const { code, out } = await run(WHOLE);
  assert.equal(code, 0);
  assert.match(out, /key came with the export/);
});

test('a stranger’s key does not verify it', async () => {
  const { code, out } = await run(WHOLE, '--key', file(sampleSigner(2).vkey, 'other.pub'));
  assert.equal(code, 1);
  assert.match(out, /^FAILED: .* \(1 finding\)\.\n {2}bad-signature: /);
});

test('one flipped byte names its entry', async () => {
  const bytes = Buffer.from(LINES.join('\n'));
  const at = bytes.indexOf('call.intent', bytes.indexOf('"seq":"7"'));
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  const { code, out } = await run(file(bytes));
  assert.equal(code, 1);
  assert.match(out, /seq 7: entry-changed: Entry 7 was changed/);
});

test('a byte that breaks UTF-8 names its entry instead of passing as a replacement character', async () => {
  const entries = sampleEntries(3).with(1, '{"tool":"\ufffd"}');
  const bytes = Buffer.from(exportLines(entries).join('\n'));
  const at = bytes.indexOf('\ufffd');
  const { code, out } = await run(
    file(Buffer.concat([bytes.subarray(0, at), Buffer.of(0xff), bytes.subarray(at + 3)])),
  );
  assert.equal(code, 1);
  assert.match(out, /seq 1: entry-changed/);
});

test('one deleted and two swapped rows are named', async () => {
  const deleted = await run(file(LINES.toSpliced(5, 1).join('\n')));
  assert.equal(deleted.code, 1);
  assert.match(deleted.out, /seq 5: missing-entry/);
  const swapped = await run(
    file(
      LINES.with(3, LINES[4] ?? '')
        .with(4, LINES[3] ?? '')
        .join('\n'),
    ),
  );
  assert.equal(swapped.code, 1);
  assert.match(swapped.out, /seq 3: out-of-order/);
});

test('a directory with entries, checkpoint and key verifies, and its key is its own word', async () => {
  const room = mkdtempSync(join(ROOM, 'bundle-'));
  const closing = JSON.parse(LINES.at(-1) ?? '');
  file(`${LINES.slice(0, -1).join('\n')}\n`, 'entries.ndjson', room);
  file(closing.checkpoint, 'checkpoint', room);
  file(closing.vkey, 'log.pub', room);
  const { code, out } = await run(room, '--json');
  assert.equal(code, 0);
  assert.equal(JSON.parse(out).keySource, 'export');
  assert.equal(JSON.parse((await run(room, '--json', '--key', KEY)).out).keySource, 'given');
});

test('the machine-readable verdict carries the findings', async () => {
  const { code, out } = await run(file('x'), '--json');
  assert.equal(code, 1);
  const verdict = JSON.parse(out);
  assert.equal(verdict.kind, 'failed');
  assert.deepStrictEqual(
    verdict.findings.map((f: { code: string }) => f.code),
    ['malformed', 'malformed'],
  );
});

test('what the file says cannot steer the terminal (T32, U02)', async () => {
  const signer = sampleSigner(1);
  const note = signer.signNote(`evil\u001b[2K\u202e\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n`);
  const { code, out } = await run(file(JSON.stringify({ checkpoint: note, vkey: signer.vkey })));
  assert.equal(code, 0);
  assert.match(out, /evil⟨U\+001B⟩\[2K⟨U\+202E⟩/);
});

test('colour is used only where it is asked for', async () => {
  const out: string[] = [];
  await runVerify([WHOLE], { out: (text) => out.push(text), err: () => undefined, colour: true });
  assert.equal(out[0]?.startsWith('\u001b[32mVERIFIED'), true);
});

test('an export larger than one read is followed across its pieces', async () => {
  const lines = exportLines(sampleEntries(4000));
  assert.ok(lines.join('\n').length > 1 << 20);
  assert.equal((await run(file(`${lines.join('\n')}\n`), '--key', KEY)).code, 0);
});

test('a bundle verifies in part, packed or unpacked, and says what it does not show', async () => {
  const lines = exportLines(sampleEntries(12), { proofs: true });
  const closing = JSON.parse(lines.at(-1) ?? '');
  const files = new Map([
    ['entries.ndjson', Buffer.from(`${lines[3]}\n${lines[7]}\n`)],
    ['checkpoint', Buffer.from(closing.checkpoint)],
    ['log.pub', Buffer.from(`${closing.vkey}\n`)],
  ]);
  const listed = [...files].map(([name, bytes]) => ({ name, sha256: hash('sha256', bytes) }));
  const manifest = { v: 1, of: { call: 'x\u202e' }, entries: 2, files: listed };
  const whole = new Map([['manifest.json', Buffer.from(JSON.stringify(manifest))], ...files]);
  const room = mkdtempSync(join(ROOM, 'evidence-'));
  for (const [name, bytes] of whole) file(bytes, name, room);
  for (const path of [room, file(gzipSync(writeTar('evidence-1', whole, 0)), 'evidence.tar.gz')]) {
    const { code, out } = await run(path, '--key', KEY);
    assert.equal(code, 0, out);
    assert.match(out, /^VERIFIED IN PART: all 2 entries .* first 12 of countersign\.test\/log/);
    assert.match(out, /call x⟨U\+202E⟩.*sender’s word/, 'and it cannot steer the terminal');
  }
  const own = await run(room, '--json');
  assert.deepEqual([own.code, JSON.parse(own.out).kind, JSON.parse(own.out).keySource], [0, 'verified-part', 'export']);
  file(Buffer.from(`${lines[3]}\n${lines[8]}\n`), 'entries.ndjson', room);
  const changed = await run(room, '--key', KEY);
  assert.equal(changed.code, 1);
  assert.match(changed.out, /file-changed: entries\.ndjson was changed/);
  const none = await run(file(gzipSync('no tar'), 'none.tar.gz'));
  assert.deepEqual([none.code, none.out], [2, '']);
});

for (const [name, argv] of [
  ['no path', []],
  ['two paths', [WHOLE, WHOLE]],
  ['an unknown option', [WHOLE, '--trust-me']],
  ['a path that is not there', [join(ROOM, 'none.ndjson')]],
  ['a directory without an export', [mkdtempSync(join(ROOM, 'empty-'))]],
  ['a key file that is not there', [WHOLE, '--key', join(ROOM, 'none.pub')]],
] as const) {
  test(`${name} is a matter of usage, not a verdict`, async () => {
    const { code, out, err } = await run(...argv);
    assert.deepStrictEqual([code, out], [2, '']);
    assert.notEqual(err, '');
  });
}
