import type { Finding } from './verdict.ts';

/** Follows the numbers of an export and says which are missing, repeated or out of place. */
export type OrderCheck = {
  /** Takes the next number as it stands in the file. */
  readonly see: (seq: number) => Finding | null;
  /** The numbers below `size` that never came, as ranges, so that a hostile gap costs no memory. */
  readonly missing: (size: number) => readonly { readonly from: number; readonly to: number }[];
};

/** Starts at `0`: the log's first entry. */
export function followOrder(): OrderCheck {
  let expected = 0;
  let gaps: { from: number; to: number }[] = [];
  return {
    see(seq) {
      if (seq >= expected) {
        if (seq > expected) gaps.push({ from: expected, to: seq - 1 });
        expected = seq + 1;
        return null;
      }
      const gap = gaps.find((g) => seq >= g.from && seq <= g.to);
      if (gap === undefined) return { seq, code: 'out-of-order', sentence: `Entry ${seq} is in the export twice.` };
      const split = [
        { from: gap.from, to: seq - 1 },
        { from: seq + 1, to: gap.to },
      ];
      gaps = [...gaps.filter((g) => g !== gap), ...split.filter((g) => g.from <= g.to)];
      return { seq, code: 'out-of-order', sentence: `Entry ${seq} stands after a later entry: rows were moved.` };
    },
    missing(size) {
      const all = expected < size ? [...gaps, { from: expected, to: size - 1 }] : gaps;
      return all.toSorted((a, b) => a.from - b.from);
    },
  };
}
