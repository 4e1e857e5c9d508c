import { err, ok, type Result } from '#lib/core/result.ts';

const SPAN = /^([1-9][0-9]{0,3})([hd])$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const HOUR_MS = 3_600_000;

/** When something ends, as people type it: a day (its end, UTC), a time, a span from now, or `never`. */
export function readEnd(text: string, nowMs: number = Date.now()): Result<string | null, string> {
  if (text === 'never') return ok(null);
  const span = SPAN.exec(text);
  if (span !== null) {
    const hours = Number(span[1]) * (span[2] === 'd' ? 24 : 1);
    return ok(new Date(nowMs + hours * HOUR_MS).toISOString());
  }
  const time = Date.parse(DAY.test(text) ? `${text}T23:59:59.000Z` : text);
  return Number.isNaN(time) || !/^\d{4}-/.test(text)
    ? err('The end is a date such as 2027-06-30, a span such as 30d or 12h, or never.')
    : ok(new Date(time).toISOString());
}
