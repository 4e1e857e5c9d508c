import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatEntryLine, parseExportLine } from './export-format.ts';

/** The same members with a space before the brace: no longer plain, so it takes the strict way. */
const spaced = (line: string) => `${line.slice(0, -1)} }`;
const lines = fc
  .record({
    seq: fc.nat(),
    entry: fc.oneof(fc.string({ unit: 'binary' }), fc.json()),
    leaf: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  })
  .map(formatEntryLine);

test('a plain line is read exactly as the strict reader reads it', () => {
  fc.assert(
    fc.property(lines, (line) => {
      assert.deepStrictEqual(parseExportLine(line), parseExportLine(spaced(line)));
    }),
  );
});

test('a line with one character changed is read exactly as the strict reader reads it', () => {
  fc.assert(
    fc.property(
      lines,
      fc.nat(),
      fc.constantFrom('"', '\\', '}', ',', '0', 'g', '\n', '\ud800'),
      (line, place, other) => {
        const at = place % (line.length - 1);
        const changed = line.slice(0, at) + other + line.slice(at + 1);
        assert.deepStrictEqual(parseExportLine(changed), parseExportLine(spaced(changed)));
      },
    ),
    { numRuns: 2_000 },
  );
});

test('a member hidden behind the entry is not read past', () => {
  const leaf = 'a'.repeat(64);
  for (const tail of ['"x","entry":"y"', '"x","seq":"7"', '"x"}{"a":1', '["x"]', '"x" "y"', '']) {
    const line = `{"seq":"1","leaf":"${leaf}","entry":${tail}}`;
    assert.equal(parseExportLine(line), null, line);
  }
});
