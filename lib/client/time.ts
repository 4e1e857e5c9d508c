/**
 * Time as people read it, on the server's clock: expiry is decided by the database, so a reviewer whose own clock is
 * wrong must still see the true time left.
 */

let skewMs = 0;
let uncertaintyMs = Number.POSITIVE_INFINITY;

/** Learns the server's clock from one answer. The answer with the shortest round trip wins; half of it is the error. */
export function noteServerTime(serverTime: string, sentAt: number, receivedAt: number): void {
  const server = Date.parse(serverTime);
  const roundTrip = receivedAt - sentAt;
  if (Number.isNaN(server) || roundTrip < 0) return;
  // The best sample ages, so that a clock that is set or drifts is noticed within minutes.
  uncertaintyMs += 5;
  if (roundTrip / 2 > uncertaintyMs) return;
  uncertaintyMs = roundTrip / 2;
  skewMs = server + roundTrip / 2 - receivedAt;
}

/** Now, in milliseconds, on the server's clock as far as it is known. */
export function serverNow(): number {
  return Date.now() + skewMs;
}

const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
] as const;

/** `3 d`, `2 h`, `41 min`, `9 s`: one unit, rounded down, as in a dense list. */
export function formatSpan(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  for (const [unit, size] of UNITS) {
    if (whole >= size) return `${Math.floor(whole / size)} ${unit}`;
  }
  return '0 s';
}

/** `1:42`, `12:05`, `1:02:05`: time left as a clock; never negative. */
export function formatCountdown(ms: number): string {
  const whole = Math.max(0, Math.ceil(ms / 1000));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const seconds = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`;
}

/** `just now`, `4 min ago`, `in 3 h`. */
export function formatRelative(iso: string, nowMs: number): string {
  const seconds = (nowMs - Date.parse(iso)) / 1000;
  if (Math.abs(seconds) < 5) return 'just now';
  return seconds > 0 ? `${formatSpan(seconds)} ago` : `in ${formatSpan(-seconds)}`;
}

/** `2026-11-22 14:02:11`, local time, sortable by eye. */
export function formatAbsolute(iso: string): string {
  const date = new Date(iso);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${formatClock(iso)}`;
}

/** `14:02:11`, local time. */
export function formatClock(iso: string): string {
  const date = new Date(iso);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** `Sun 22 Nov 2026`, local: the heading of a day in a timeline. */
export function formatDay(iso: string): string {
  return new Date(iso).toLocaleDateString('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  });
}
