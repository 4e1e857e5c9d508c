/** The top of an axis for averages, which may be far below one: the next of 1, 2 or 5 times a power of ten. */
export function loadTop(loads: readonly number[]): number {
  const tallest = Math.max(0.1, ...loads);
  const power = 10 ** Math.floor(Math.log10(tallest));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= tallest - 1e-9) ?? 10;
  // 0.1 * 2 is not 0.2 in binary; a label must not show that.
  return Number((step * power).toPrecision(3));
}

/** `0`, `0.4`, `12`: an average as people read it. */
export function formatLoad(load: number): string {
  return load >= 10 ? String(Math.round(load)) : String(Math.round(load * 10) / 10);
}

/** `09:00 to 10:00`: an hour of the day. */
export function hourWords(hour: number): string {
  const two = (n: number) => String(n % 24).padStart(2, '0');
  return `${two(hour)}:00 to ${two(hour + 1)}:00`;
}
