import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { exportLines, LOG_NAME, sampleEntries, sampleSigner, verifyNatively } from '#tests/vectors/sample-log.ts';
import { toHex } from '../hash/bytes.ts';
import { checkpointText } from './checkpoint.ts';
import { canonicalEntry, commit, leafHash, MAX_ENTRY_BYTES } from './entry.ts';
import { formatEntryLine } from './export-format.ts';
import { rootFromLeaves } from './merkle.ts';
import type { Finding, Verdict } from './verdict.ts';
import { verifyExport } from './verify-export.ts';

const SIZE = 23;
const ENTRIES = sampleEntries(SIZE);
const LINES = exportLines(ENTRIES);
const SIGNER = sampleSigner(1);
const check = (lines: Iterable<string>, vkey?: string): Verdict =>
  verifyExport({ lines, vkey, verifySignature: verifyNatively });
const findings = (verdict: Verdict): readonly Finding[] => (verdict.kind === 'failed' ? verdict.findings : []);
const codes = (verdict: Verdict) =>
  new Set(findings(verdict).map(({ seq, code }) => (seq === undefined ? code : `${code} ${seq}`)));
/** An entry line whose text was replaced and whose leaf was recomputed to fit, as a careful forger does. */
const forgedLine = (seq: number, entry: string) => formatEntryLine({ seq, entry, leaf: leafHash(entry) });
const line = (seq: number) => LINES[seq] ?? '';

test('an untouched export verifies, of any size, with either hash', () => {
  for (const size of [0, 1, 2, 3, 8, SIZE]) {
    const lines = exportLines(sampleEntries(size));
    const verdict = check(lines);
    assert.equal(verdict.kind, 'verified', JSON.stringify(verdict));
    const native = verifyExport({
      lines,
      verifySignature: verifyNatively,
      hash: (data) => hash('sha256', data, 'buffer'),
    });
    assert.deepStrictEqual(native, verdict);
  }
});

test('the verdict names log, size, sessions, last time, and where the key came from', () => {
  const verdict = check(LINES, SIGNER.vkey);
  assert.ok(verdict.kind === 'verified');
  const { origin, size, sessions, lastEntryAt, keySource } = verdict;
  assert.deepStrictEqual(
    { origin, size, sessions, lastEntryAt, keySource },
    { origin: LOG_NAME, size: SIZE, sessions: 2, lastEntryAt: '2026-01-01T00:00:22.000Z', keySource: 'given' },
  );
  const own = check(LINES);
  assert.equal(own.kind === 'verified' && own.keySource, 'export');
});

test('one flipped bit in any byte of any entry is found and the entry is named', () => {
  fc.assert(
    fc.property(fc.nat(SIZE - 1), fc.nat(), fc.nat(6), (seq, place, bit) => {
      const entry = ENTRIES[seq] ?? '';
      const at = place % entry.length;
      const flipped = String.fromCharCode(entry.charCodeAt(at) ^ (1 << bit));
      const tampered = entry.slice(0, at) + flipped + entry.slice(at + 1);
      const row = JSON.parse(line(seq));
      const verdict = check(LINES.with(seq, JSON.stringify({ ...row, entry: tampered })));
      assert.equal(verdict.kind, 'failed');
      // A space becomes U+0000, which no strict reader takes: that entry is named as missing.
      const code = flipped === '\0' ? 'missing-entry' : 'entry-changed';
      assert.equal(
        findings(verdict).some((f) => f.seq === seq && f.code === code),
        true,
      );
      assert.deepStrictEqual(
        [...new Set(findings(verdict).flatMap((f) => f.seq ?? []))].filter((s) => s < seq),
        [],
      );
    }),
  );
});

test('a changed entry alone is the only finding: the rest is still shown to be as signed', () => {
  const row = JSON.parse(line(4));
  const verdict = check(
    LINES.with(4, JSON.stringify({ ...row, entry: row.entry.replace('call.intent', 'call.outcam') })),
  );
  assert.deepStrictEqual([...codes(verdict)], ['entry-changed 4']);
});

test('any deleted row is found and named', () => {
  for (let seq = 0; seq < SIZE; seq++) {
    const verdict = check(LINES.toSpliced(seq, 1));
    assert.equal(codes(verdict).has(`missing-entry ${seq}`), true, `row ${seq}: ${JSON.stringify(verdict)}`);
    assert.equal(codes(verdict).has('root-mismatch'), true);
  }
});

test('a deleted row whose successors were renumbered is found by size, root and session chain', () => {
  const rest = ENTRIES.toSpliced(6, 1).map((entry, seq) => forgedLine(seq, entry));
  const verdict = check([...rest, LINES.at(-1) ?? '']);
  assert.equal(codes(verdict).has('root-mismatch'), true);
  assert.equal(codes(verdict).has(`missing-entry ${SIZE - 1}`), true);
  assert.equal(
    findings(verdict).some((f) => f.code === 'session-gap'),
    true,
  );
});

test('two swapped rows are found and named, wherever they stand', () => {
  fc.assert(
    fc.property(fc.nat(SIZE - 1), fc.nat(SIZE - 1), (a, b) => {
      fc.pre(a < b);
      const verdict = check(LINES.with(a, line(b)).with(b, line(a)));
      const named = codes(verdict);
      assert.equal(named.has(`out-of-order ${a}`) && named.has('root-mismatch'), true, JSON.stringify(verdict));
    }),
  );
});

test('a row that appears twice is found and named', () => {
  assert.equal(codes(check(LINES.toSpliced(9, 0, line(8)))).has('out-of-order 8'), true);
});

test('swapped rows that were renumbered are found by root and session chain', () => {
  const swapped = ENTRIES.with(3, ENTRIES[5] ?? '')
    .with(5, ENTRIES[3] ?? '')
    .map((entry, seq) => forgedLine(seq, entry));
  const named = codes(check([...swapped, LINES.at(-1) ?? '']));
  assert.equal(named.has('root-mismatch') && named.has('session-gap 3'), true);
});

test('an entry rewritten together with its leaf breaks the root', () => {
  const entry = (ENTRIES[7] ?? '').replace('call.intent', 'call.denied');
  assert.equal(codes(check(LINES.with(7, forgedLine(7, entry)))).has('root-mismatch'), true);
});

test('where lines carry audit paths, a rewritten entry is named although its leaf was recomputed', () => {
  const lines = exportLines(ENTRIES, { proofs: true });
  assert.equal(check(lines).kind, 'verified');
  const entry = (ENTRIES[4] ?? '').replace('call.intent', 'call.denied');
  const row = JSON.parse(lines[4] ?? '');
  const verdict = check(lines.with(4, JSON.stringify({ ...row, entry, leaf: toHex(leafHash(entry)) })));
  assert.deepStrictEqual([...codes(verdict)], ['entry-changed 4', 'root-mismatch']);
});

test('a log whose end was cut off does not pass against its checkpoint', () => {
  for (const keep of [0, 1, SIZE - 1]) {
    const verdict = check([...LINES.slice(0, keep), LINES.at(-1) ?? '']);
    assert.equal(codes(verdict).has(`missing-entry ${keep}`), true);
  }
});

test('entries that the checkpoint does not cover do not pass', () => {
  const more = sampleEntries(SIZE + 1).at(-1) ?? '';
  const verdict = check(LINES.toSpliced(SIZE, 0, forgedLine(SIZE, more)));
  assert.deepStrictEqual([...codes(verdict)], ['root-mismatch']);
});

test('a signed head whose size is not that of its tree does not pass, although the root is right', () => {
  const rootHash = rootFromLeaves(ENTRIES.map((entry) => leafHash(entry)));
  const checkpointNote = SIGNER.signNote(checkpointText({ origin: LOG_NAME, size: SIZE - 1, rootHash }));
  const verdict = verifyExport({ lines: LINES, checkpointNote, verifySignature: verifyNatively });
  assert.deepStrictEqual([...codes(verdict)], ['root-mismatch']);
});

test('a whole forged log under its own key does not pass with the key from elsewhere', () => {
  const forged = exportLines(ENTRIES.with(0, (ENTRIES[0] ?? '').replace('call.intent', 'call.denied')), {
    signer: sampleSigner(2),
  });
  const verdict = check(forged, SIGNER.vkey);
  assert.deepStrictEqual(
    [...codes(verdict)].filter((code) => code === 'bad-signature'),
    ['bad-signature'],
  );
});

test('a checkpoint given from elsewhere overrides the one of the export', () => {
  const other = exportLines(sampleEntries(5));
  const note: unknown = JSON.parse(other.at(-1) ?? '').checkpoint;
  assert.ok(typeof note === 'string');
  const verdict = verifyExport({
    lines: LINES,
    checkpointNote: note,
    vkey: SIGNER.vkey,
    verifySignature: verifyNatively,
  });
  assert.equal(codes(verdict).has('root-mismatch'), true);
});

test('a signature check that throws nothing but false is a failed check', () => {
  const verdict = verifyExport({ lines: LINES, verifySignature: () => false });
  assert.deepStrictEqual([...codes(verdict)], ['bad-signature']);
});

test('an export without checkpoint or without key is refused', () => {
  assert.deepStrictEqual([...codes(check(LINES.slice(0, -1)))], ['malformed']);
  const note: unknown = JSON.parse(LINES.at(-1) ?? '').checkpoint;
  assert.ok(typeof note === 'string');
  const keyless = verifyExport({ lines: LINES.slice(0, -1), checkpointNote: note, verifySignature: verifyNatively });
  assert.deepStrictEqual([...codes(keyless)], ['malformed']);
});

for (const [name, bad] of [
  ['not JSON', 'x'],
  ['a list', '[]'],
  ['an entry without leaf', '{"seq":"0","entry":"{}"}'],
  ['an entry whose leaf is short', '{"seq":"0","entry":"{}","leaf":"00"}'],
  ['an entry with a negative number', `{"seq":-1,"entry":"{}","leaf":"${'0'.repeat(64)}"}`],
  ['an entry with a zero in front of its number', `{"seq":"00","entry":"{}","leaf":"${'0'.repeat(64)}"}`],
  ['an entry whose proof is no list of hashes', `{"seq":"0","entry":"{}","leaf":"${'0'.repeat(64)}","proof":["x"]}`],
  ['an entry whose proof is no list', `{"seq":"0","entry":"{}","leaf":"${'0'.repeat(64)}","proof":1}`],
  ['a member written twice', `{"seq":"0","seq":"1","entry":"{}","leaf":"${'0'.repeat(64)}"}`],
  ['a checkpoint without key', '{"checkpoint":"x"}'],
] as const) {
  test(`a line that is ${name} is malformed`, () => {
    assert.equal(
      findings(check(LINES.toSpliced(2, 0, bad))).some((f) => f.code === 'malformed'),
      true,
    );
  });
}

test('lines after the closing line are refused, blank ones are skipped', () => {
  assert.equal(codes(check([...LINES, line(0)])).has('malformed'), true);
  assert.equal(check([...LINES, '', ' ']).kind, 'verified');
});

test('an entry that is signed but no JSON object is malformed', () => {
  assert.deepStrictEqual([...codes(check(exportLines(['[1]'])))], ['malformed 0']);
});

for (const [name, session] of [
  ['no object', 'x'],
  ['without number', { id: 'a', prev: null }],
  ['without predecessor', { id: 'a', seq: 1 }],
] as const) {
  test(`a session link ${name} is malformed`, () => {
    assert.deepStrictEqual([...codes(check(exportLines([JSON.stringify({ session })])))], ['malformed 0']);
  });
}

for (const [name, links] of [
  ['that begins at its second entry', [{ id: 'a', seq: 2, prev: null }]],
  ['whose first entry names a predecessor', [{ id: 'a', seq: 1, prev: '0'.repeat(64) }]],
  [
    'that skips a number',
    [
      { id: 'a', seq: 1, prev: null },
      { id: 'a', seq: 3, prev: '0'.repeat(64) },
    ],
  ],
  [
    'that names the wrong predecessor',
    [
      { id: 'a', seq: 1, prev: null },
      { id: 'a', seq: 2, prev: '0'.repeat(64) },
    ],
  ],
] as const) {
  test(`a session ${name} has a gap, although log and signature are whole`, () => {
    const verdict = check(exportLines(links.map((session) => JSON.stringify({ session }))));
    assert.deepStrictEqual([...codes(verdict)], [`session-gap ${links.length - 1}`]);
  });
}

test('a shredded log gives the first hundred findings and counts the rest', () => {
  const verdict = check([...Array.from({ length: 150 }, () => 'x'), LINES.at(-1) ?? '']);
  assert.ok(verdict.kind === 'failed');
  assert.equal(verdict.findings.length, 100);
  assert.equal(verdict.more, 52);
});

test('a gap as large as numbers go costs no memory', () => {
  const far = formatEntryLine({ seq: Number.MAX_SAFE_INTEGER, entry: '{}', leaf: leafHash('{}') });
  assert.equal(codes(check([line(0), far, LINES.at(-1) ?? ''])).has('missing-entry 1'), true);
});

test('an entry of 4096 bytes is taken and one of 4097 refused', () => {
  const entry = { v: 1, event_id: 'e', ts: 't', type: 'x.y' } as const;
  const bare = canonicalEntry({ ...entry, tool: '' });
  assert.ok(bare.ok);
  const room = MAX_ENTRY_BYTES - bare.value.length;
  assert.equal(canonicalEntry({ ...entry, tool: 'x'.repeat(room) }).ok, true);
  const refused = canonicalEntry({ ...entry, tool: 'x'.repeat(room + 1) });
  assert.deepStrictEqual(refused, { ok: false, error: { code: 'entry-too-large', bytes: 4097 } });
  assert.equal(canonicalEntry({ ...entry, tool: '€'.repeat(Math.ceil(room / 3) + 1) }).ok, false);
});

test('a commitment differs with salt and with value, and a bad salt is a bug', () => {
  const [one, two] = ['01'.repeat(32), '02'.repeat(32)] as const;
  const all = [commit(one, '{}'), commit(two, '{}'), commit(one, '{"a":1}')];
  assert.equal(new Set(all).size, 3);
  assert.equal(commit(one, '{}'), commit(one, '{}'));
  for (const bad of ['', '01', '0'.repeat(63), 'ZZ'.repeat(32)]) assert.throws(() => commit(bad, '{}'), TypeError);
});
