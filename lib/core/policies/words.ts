/** `a`, `a or b`, `a, b or c`. */
export function either(words: readonly string[]): string {
  return joined(words, 'or');
}

/** `a`, `a and b`, `a, b and c`. */
export function together(words: readonly string[]): string {
  return joined(words, 'and');
}

/** `90 seconds` as `1.5 minutes`, `3600` as `1 hour`. */
export function inTime(seconds: number): string {
  if (seconds < 60) return seconds === 1 ? '1 second' : `${seconds} seconds`;
  if (seconds % 86_400 === 0) return seconds === 86_400 ? '1 day' : `${seconds / 86_400} days`;
  if (seconds % 3600 === 0) return seconds === 3600 ? '1 hour' : `${seconds / 3600} hours`;
  const whole = Math.round((seconds / 60) * 10) / 10;
  return whole === 1 ? '1 minute' : `${whole} minutes`;
}

/** `one person`, `3 people`. */
export function people(count: number): string {
  return count === 1 ? 'one person' : `${count} people`;
}

function joined(words: readonly string[], last: string): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}
