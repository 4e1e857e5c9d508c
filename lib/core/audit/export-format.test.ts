import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatCheckpointLine, formatEntryLine, parseExportLine } from './export-format.ts';

const LEAF = new Uint8Array(32).fill(0xab);
const HEX = 'ab'.repeat(32);
const read = (seq: number, entry: string) => ({ kind: 'entry', seq, entry, leaf: LEAF, proof: null });

test('every entry comes back as it was written, with and without a proof', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.constantFrom('', '"}', '\\', '\u2028', '\\u0041'),
  );
  fc.assert(
    fc.property(fc.maxSafeNat(), text, fc.boolean(), (seq, entry, proven) => {
      const proof = proven ? [LEAF, new Uint8Array(32)] : undefined;
      const line = formatEntryLine({ seq, entry, leaf: LEAF, ...(proof && { proof }) });
      // Canonical text has neither: the log never wrote it.
      if (!entry.isWellFormed() || entry.includes('\0')) return assert.equal(parseExportLine(line), null);
      assert.deepEqual(parseExportLine(line), { ...read(seq, entry), proof: proof ?? null });
    }),
  );
});

test('a long entry is read like a short one', () => {
  for (const length of [65_000, 66_000, 200_000]) {
    const entry = 'x'.repeat(length);
    assert.deepEqual(parseExportLine(formatEntryLine({ seq: 1, entry, leaf: LEAF })), read(1, entry));
  }
});

for (const [name, line] of [
  ['members in another order', `{"leaf":"${HEX}","entry":"{}","seq":"7"}`],
  ['a number for the number', `{"seq":7,"leaf":"${HEX}","entry":"{}"}`],
  ['spaces', `{ "seq": "7", "leaf": "${HEX}", "entry": "{}" }`],
  ['an escape', `{"seq":"7","leaf":"${HEX}","entry":"\\u007b}"}`],
  ['a member more', `{"seq":"7","leaf":"${HEX}","entry":"{}","note":1}`],
] as const) {
  test(`an entry written with ${name} is read all the same`, () => {
    assert.deepEqual(parseExportLine(line), read(7, '{}'));
  });
}

for (const [name, line] of [
  ['a second entry hidden behind the first', `{"seq":"7","leaf":"${HEX}","entry":"{}","entry":"[]"}`],
  ['an entry that is no text', `{"seq":"7","leaf":"${HEX}","entry":{}}`],
  ['an entry that is a number', `{"seq":"7","leaf":"${HEX}","entry":1}`],
  ['a lone surrogate', `{"seq":"7","leaf":"${HEX}","entry":"\ud800"}`],
  ['no closing brace', `{"seq":"7","leaf":"${HEX}","entry":"{}"`],
  ['something behind the brace', `{"seq":"7","leaf":"${HEX}","entry":"{}"}x`],
  ['a leaf of 31 bytes', `{"seq":"7","leaf":"${'ab'.repeat(31)}","entry":"{}"}`],
  ['a leaf of 33 bytes', `{"seq":"7","leaf":"${'ab'.repeat(33)}","entry":"{}"}`],
  ['a leaf that is no hex', `{"seq":"7","leaf":"${'zz'.repeat(32)}","entry":"{}"}`],
  ['a leaf that is a number', `{"seq":"7","leaf":1,"entry":"{}"}`],
  ['no number', `{"leaf":"${HEX}","entry":"{}"}`],
  ['a fraction for a number', `{"seq":7.5,"leaf":"${HEX}","entry":"{}"}`],
  ['a number beyond 2^53-1', `{"seq":"9007199254740992","leaf":"${HEX}","entry":"{}"}`],
  ['true for a number', `{"seq":true,"leaf":"${HEX}","entry":"{}"}`],
  ['a checkpoint that is a number', '{"checkpoint":1,"vkey":"k"}'],
  ['a key that is a number', '{"checkpoint":"c","vkey":1}'],
  ['nothing', ''],
  ['a text', '"x"'],
  ['null', 'null'],
] as const) {
  test(`a line with ${name} is not read`, () => assert.equal(parseExportLine(line), null));
}

test('the closing line comes back as it was written', () => {
  assert.deepEqual(parseExportLine(formatCheckpointLine('n\n', 'k')), { kind: 'checkpoint', note: 'n\n', vkey: 'k' });
});
