export type DiffLine = { readonly kind: 'same' | 'gone' | 'new'; readonly text: string };

/**
 * Two short texts line by line, by their longest common subsequence. Meant for one rule's few lines: time and memory grow
 * with the product of both lengths.
 */
export function diffLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  // common[i][j]: how many lines the rests from i and from j have in common.
  const common = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  const at = (i: number, j: number) => common[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    const row = common[i] ?? [];
    for (let j = after.length - 1; j >= 0; j--) {
      row[j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const gone = before[i];
    const added = after[j];
    if (gone !== undefined && gone === added) {
      lines.push({ kind: 'same', text: gone });
      i++;
      j++;
    } else if (gone !== undefined && (added === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ kind: 'gone', text: gone });
      i++;
    } else if (added !== undefined) {
      lines.push({ kind: 'new', text: added });
      j++;
    }
  }
  return lines;
}
