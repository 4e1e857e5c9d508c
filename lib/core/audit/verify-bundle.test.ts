import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toHex, utf8 } from '#lib/core/hash/bytes.ts';
import { sha256 } from '#lib/core/hash/sha256.ts';
import { exportLines, sampleEntries, sampleSigner, verifyNatively } from '#tests/vectors/sample-log.ts';
import { type Files, readTar, writeTar } from './tar.ts';
import { verifyBundle } from './verify-bundle.ts';

const LINES = exportLines(sampleEntries(40), { proofs: true });
const { checkpoint, vkey } = JSON.parse(LINES.at(-1) ?? '');
/** Entries 0, 2, 6, 8, 10 … are of the session "even", every fifth of none. */
const EVEN = LINES.slice(0, -1).filter((line) => line.includes('\\"id\\":\\"even\\"'));

type Made = {
  readonly lines?: readonly string[];
  readonly of?: object;
  readonly entries?: number;
  readonly note?: string;
};
function bundle({
  lines = EVEN,
  of = { session: 'even' },
  entries = lines.length,
  note = checkpoint,
}: Made = {}): Map<string, Uint8Array> {
  const files = new Map([
    ['entries.ndjson', utf8(`${lines.join('\n')}\n`)],
    ['checkpoint', utf8(note)],
    ['log.pub', utf8(`${vkey}\n`)],
  ]);
  const listed = [...files].map(([name, bytes]) => ({ name, sha256: toHex(sha256(bytes)) }));
  return new Map([...files, ['manifest.json', utf8(JSON.stringify({ v: 1, of, entries, files: listed }))]]);
}
const verify = (files: Files, key: string | undefined = vkey) =>
  verifyBundle({ files, vkey: key, verifySignature: verifyNatively });
function codes(files: Files, key?: string): readonly string[] {
  const verdict = verify(files, key);
  return verdict.kind === 'failed' ? [...new Set(verdict.findings.map(({ code }) => code))].toSorted() : [verdict.kind];
}

describe('a bundle', () => {
  it('of a session verifies, and says that the session is whole from its beginning', () => {
    assert.deepEqual(verify(bundle()), {
      kind: 'verified-part',
      origin: 'countersign.test/log',
      size: 40,
      entries: EVEN.length,
      of: 'session even',
      wholeSession: 'even',
      keySource: 'given',
    });
    assert.equal(verifyBundle({ files: bundle(), verifySignature: verifyNatively }).kind, 'verified-part');
  });
  it('of scattered entries verifies, and claims no session', () => {
    const verdict = verify(bundle({ lines: [LINES[3] ?? '', LINES[21] ?? ''], of: { call: 'x' } }));
    assert.ok(verdict.kind === 'verified-part' && verdict.wholeSession === null && verdict.of === 'call x');
  });
  it('names an entry whose text, leaf or proof was changed', () => {
    const line = JSON.parse(EVEN[2] ?? '');
    const text = bundle({
      lines: EVEN.with(2, JSON.stringify({ ...line, entry: line.entry.replace('intent', 'intend') })),
    });
    const verdict = verify(text);
    assert.ok(verdict.kind === 'failed' && verdict.findings.some(({ seq }) => String(seq) === line.seq));
    for (const change of [
      { leaf: '0'.repeat(64) },
      { proof: [] },
      { proof: ['0'.repeat(64), ...line.proof.slice(1)] },
      { seq: String(Number(line.seq) + 1) },
    ]) {
      assert.ok(
        codes(bundle({ lines: EVEN.with(2, JSON.stringify({ ...line, ...change })) })).includes('entry-changed'),
      );
    }
  });
  it('of a session notices what was left out of it, at its beginning and between', () => {
    assert.deepEqual(codes(bundle({ lines: EVEN.slice(1) })), ['session-gap']);
    assert.deepEqual(codes(bundle({ lines: EVEN.toSpliced(3, 1) })), ['session-gap']);
    assert.deepEqual(codes(bundle({ lines: EVEN.slice(0, -2) })), ['verified-part'], 'its end is not claimed');
    assert.deepEqual(codes(bundle({ lines: [...EVEN, LINES[39] ?? ''] })), ['malformed'], 'nor a stranger let in');
  });
  it('refuses moved and repeated lines, and lines without a proof', () => {
    assert.ok(codes(bundle({ lines: [EVEN[1] ?? '', EVEN[0] ?? ''], of: { call: 'x' } })).includes('out-of-order'));
    assert.ok(codes(bundle({ lines: [EVEN[0] ?? '', EVEN[0] ?? ''], of: { call: 'x' } })).includes('out-of-order'));
    const { proof: _, ...bare } = JSON.parse(EVEN[0] ?? '');
    assert.ok(codes(bundle({ lines: [JSON.stringify(bare)] })).includes('malformed'));
  });
  it('refuses another key, another log’s head, and a head that nobody signed', () => {
    assert.deepEqual(codes(bundle(), sampleSigner(2).vkey), ['bad-signature']);
    assert.ok(codes(bundle({ note: checkpoint.replace('\n40\n', '\n41\n') })).includes('bad-signature'));
    const other = JSON.parse(exportLines(sampleEntries(7)).at(-1) ?? '').checkpoint;
    assert.deepEqual(codes(bundle({ note: other })), ['entry-changed']);
  });
  it('refuses files that are not those of its manifest', () => {
    assert.deepEqual(codes(new Map([...bundle(), ['extra.txt', utf8('x')]])), ['file-changed']);
    assert.ok(codes(bundle().set('log.pub', utf8(vkey))).includes('file-changed'));
    const without = bundle();
    without.delete('log.pub');
    assert.deepEqual(codes(without), ['file-changed']);
    assert.ok(codes(bundle().set('manifest.json', utf8('{}'))).includes('malformed'));
    assert.deepEqual(codes(bundle({ entries: 3 })), ['missing-entry']);
    assert.ok(codes(new Map()).includes('malformed'));
  });
});

describe('a tar', () => {
  it('gives back the files it was made of, and the same bytes each time', () => {
    const tar = writeTar('evidence-1', bundle(), 1_700_000_000);
    assert.deepEqual(tar, writeTar('evidence-1', bundle(), 1_700_000_000));
    const read = readTar(tar);
    assert.ok(read.ok);
    assert.deepEqual([...read.value.keys()], [...bundle().keys()]);
    assert.equal(verify(read.value).kind, 'verified-part');
  });
  it('from a stranger is refused when it is cut, damaged, or holds anything but plain files of one folder', () => {
    const tar = writeTar('e', new Map([['a', utf8('hello')]]), 0);
    const at = (change: (bytes: Uint8Array) => void) => {
      const copy = tar.slice();
      change(copy);
      const sum = copy.subarray(0, 512).reduce((all, byte, n) => all + (n >= 148 && n < 156 ? 32 : byte), 0);
      copy.set(utf8(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
      return readTar(copy).ok;
    };
    assert.ok(at(() => undefined));
    assert.ok(!at((bytes) => bytes.set(utf8('2'), 156)), 'a link');
    assert.ok(!at((bytes) => bytes.set(utf8('../a\0'), 0)), 'a path that leads elsewhere');
    assert.ok(!at((bytes) => bytes.set(utf8('77777777777\0'), 124)), 'a size beyond the end');
    assert.ok(!at((bytes) => bytes.set(utf8('-1\0'), 124)), 'a size below nothing');
    const damaged = tar.slice();
    damaged[0] = 0x66;
    assert.ok(!readTar(damaged).ok);
    for (const length of [0, 100, 512, 600, 1024]) assert.ok(!readTar(tar.slice(0, length)).ok, `${length} bytes`);
    assert.throws(() => writeTar('e', new Map([['../a', utf8('')]]), 0), TypeError);
  });
});
