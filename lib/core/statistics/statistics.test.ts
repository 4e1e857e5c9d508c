import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toCsv } from './csv.ts';
import { shareOf } from './interval.ts';
import { columnsOf, RANGE_NAMES, RANGES, rangeOf } from './ranges.ts';

test('an interval holds its share, stays within 0 and 1, and narrows with more cases', () => {
  const counts = fc
    .integer({ min: 1, max: 5000 })
    .chain((of) => fc.tuple(fc.integer({ min: 0, max: of }), fc.constant(of)));
  fc.assert(
    fc.property(counts, ([hits, of]) => {
      const { share, low, high } = shareOf(hits, of);
      assert.ok(share !== null && 0 <= low && low <= share && share <= high && high <= 1);
      const more = shareOf(hits * 4, of * 4);
      assert.ok(more.high - more.low < high - low);
    }),
  );
});

test('of no case nothing is known, and three of three is not certain', () => {
  assert.deepEqual(shareOf(0, 0), { hits: 0, of: 0, share: null, low: 0, high: 1 });
  const three = shareOf(3, 3);
  assert.equal(three.share, 1);
  assert.ok(three.low > 0.4 && three.low < 0.45, `${three.low}`);
});

/** What a spreadsheet shows for each cell of a CSV line. */
function readCells(csv: string): string[][] {
  const rows: string[][] = [[]];
  for (const match of csv.matchAll(/("(?:[^"]|"")*"|[^,\r\n]*)(,|\r\n)/g)) {
    const text = match[1] ?? '';
    rows.at(-1)?.push(text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text);
    if (match[2] === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

test('no text in a CSV begins like a formula, hides a character or breaks out of its cell (T32, U02)', () => {
  const hostile = fc.string({
    unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '"', ',', ' ', '\u202e', 'A', '1', '＝'),
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(hostile, hostile), { minLength: 1, maxLength: 4 }), (rows) => {
      const cells = readCells(toCsv(['a', 'b'], rows));
      assert.equal(cells.length, rows.length + 1);
      for (const row of cells) {
        assert.equal(row.length, 2);
        for (const cell of row) assert.doesNotMatch(cell, /^\s*[=+\-@\t\r＝]|[\u202e\r\n\t]/);
      }
    }),
  );
});

test('numbers stay numbers, a minus included, and nothing is an empty cell', () => {
  assert.equal(toCsv(['n', 'm'], [[-1.5, null]]), 'n,m\r\n-1.5,\r\n');
  assert.equal(toCsv(['tool'], [['=HYPERLINK("http://x","y")']]), 'tool\r\n"\'=HYPERLINK(""http://x"",""y"")"\r\n');
});

test('the columns of a range touch, end with the present one and cover what the range says', () => {
  const now = fc.integer({ min: 1.6e12, max: 2e12 });
  fc.assert(
    fc.property(now, fc.constantFrom(...RANGE_NAMES), (nowMs, range) => {
      const starts = columnsOf(range, nowMs);
      const widthMs = RANGES[range].bucketS * 1000;
      assert.equal(starts.length * widthMs, RANGES[range].seconds * 1000);
      assert.ok(starts.every((start, i) => i === 0 || start - (starts[i - 1] ?? 0) === widthMs));
      const last = starts.at(-1) ?? 0;
      assert.ok(last <= nowMs && nowMs < last + widthMs);
    }),
  );
});

test('an unknown range in the address is the day', () => {
  assert.equal(rangeOf('7d'), '7d');
  for (const text of ['', null, 'constructor', '1y']) assert.equal(rangeOf(text), '24h');
});
