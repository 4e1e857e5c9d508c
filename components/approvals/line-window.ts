// Which lines of a long list are in view. Pure: every line's height is known, so nothing needs to be measured.

/** Where each line begins; the last number is where the list ends. */
export function offsetsOf(heights: readonly number[]): readonly number[] {
  const offsets = [0];
  let at = 0;
  for (const height of heights) {
    at += height;
    offsets.push(at);
  }
  return offsets;
}

export type LineRange = { readonly from: number; readonly to: number };

/** The lines from `from` up to, not including, `to` that a view of this height shows, with some above and below. */
export function rangeInView(
  offsets: readonly number[],
  view: { readonly top: number; readonly height: number },
  over: number,
): LineRange {
  const count = offsets.length - 1;
  const first = lineAt(offsets, view.top);
  const last = lineAt(offsets, view.top + view.height);
  return { from: Math.max(0, first - over), to: Math.min(count, last + 1 + over) };
}

/** The line that covers a height; the last one below the end. */
function lineAt(offsets: readonly number[], height: number): number {
  let low = 0;
  let high = Math.max(0, offsets.length - 2);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((offsets[middle] ?? 0) <= height) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** How far to scroll so that a line is wholly in view; as far as it is where it already is. */
export function scrollToShow(
  offsets: readonly number[],
  line: number,
  view: { readonly top: number; readonly height: number },
): number {
  const start = offsets[line] ?? 0;
  const end = offsets[line + 1] ?? start;
  if (start < view.top) return start;
  return end > view.top + view.height ? end - view.height : view.top;
}
