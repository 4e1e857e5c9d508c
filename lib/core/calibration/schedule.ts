const WEEK_MS = 7 * 86_400_000;

/** A number from 0 up to, and not with, 1. */
export type Random = () => number;

/**
 * When the plants of a span come: `perWeek` a week, each at a moment of its own, independent of the others. The number of
 * a part of a week is rounded by chance, so that short spans neither starve nor crowd.
 */
export function plantTimes(fromMs: number, untilMs: number, perWeek: number, random: Random): readonly number[] {
  if (untilMs <= fromMs) return [];
  const expected = (perWeek * (untilMs - fromMs)) / WEEK_MS;
  const count = Math.floor(expected) + (random() < expected % 1 ? 1 : 0);
  return Array.from({ length: count }, () => fromMs + Math.floor(random() * (untilMs - fromMs))).toSorted(
    (a, b) => a - b,
  );
}

/**
 * A call's id as if it had been made at that time (RFC 9562, version 7): one with the time of its planning would tell a
 * plant from a call. `random` is 10 bytes.
 */
export function callIdAt(ms: number, random: Uint8Array): string {
  const hex = (bytes: Iterable<number>) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const time = Math.floor(ms).toString(16).padStart(12, '0').slice(-12);
  const [a = 0, b = 0, c = 0, ...rest] = random;
  const middle = hex([0x70 | (a & 0x0f), b]);
  const tail = hex([0x80 | (c & 0x3f), ...rest.slice(0, 7)]);
  return `${time.slice(0, 8)}-${time.slice(8)}-${middle}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}

/** The part of a call's id that chance made; the rest says when. */
export function chanceOf(callId: string): string {
  return callId.slice(14);
}

/** The same id as if the call had been made at another time. */
export function retimed(callId: string, ms: number): string {
  const time = Math.floor(ms).toString(16).padStart(12, '0').slice(-12);
  return `${time.slice(0, 8)}-${time.slice(8)}-${chanceOf(callId)}`;
}
