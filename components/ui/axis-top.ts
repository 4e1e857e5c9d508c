/** The top of an axis of counts: a round, even number that holds the tallest, at least 4, so that its half is whole. */
export function axisTop(counts: readonly number[]): number {
  const tallest = Math.max(4, ...counts);
  const power = 10 ** Math.floor(Math.log10(tallest));
  const step = [1, 2, 4, 6, 8, 10].find((factor) => factor * power >= tallest) ?? 10;
  return step * power;
}
