import { formatCount } from '#lib/client/format.ts';

/** `for ever`, `for 365 days`. */
export function keptWords(days: number | null): string {
  return days === null ? 'for ever' : `for ${formatCount(days)} days`;
}
