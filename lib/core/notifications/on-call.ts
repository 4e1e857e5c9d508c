const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Who of a group is told first, and when the next. `changedAtMs` is where the rotation is counted from. */
export type OnCallOrder = {
  readonly people: readonly string[];
  readonly nextAfterMinutes: number;
  readonly rotateEveryHours: number | null;
  readonly changedAtMs: number;
};

/** The list as it stands now: rotated by one for every period that is over. */
export function rotated(order: OnCallOrder, nowMs: number): readonly string[] {
  const { people, rotateEveryHours } = order;
  if (rotateEveryHours === null || people.length === 0) return people;
  const turns = Math.max(0, Math.floor((nowMs - order.changedAtMs) / (rotateEveryHours * HOUR_MS)));
  const by = turns % people.length;
  return [...people.slice(by), ...people.slice(0, by)];
}

/** When the list moves on; null: it stays as it is. */
export function rotatesAt(order: OnCallOrder, nowMs: number): number | null {
  const { rotateEveryHours } = order;
  if (rotateEveryHours === null || order.people.length < 2) return null;
  const periodMs = rotateEveryHours * HOUR_MS;
  const turns = Math.max(0, Math.floor((nowMs - order.changedAtMs) / periodMs));
  return order.changedAtMs + (turns + 1) * periodMs;
}

/**
 * Who of a group must have been told by now.
 *
 * At first as many as votes are wanted, then one more for every `nextAfterMinutes` since. Who may not decide this request is
 * passed over, so that a turn is never spent on somebody who cannot act. The list is the one of when the round began: a
 * rotation in between takes nobody's turn. When nobody on it may decide, everybody who may is told: an order must not silence a group.
 */
export function toldByNow(
  order: OnCallOrder,
  round: { readonly sinceMs: number; readonly wanted: number; readonly eligible: readonly string[] },
  nowMs: number,
): readonly string[] {
  const able = rotated(order, round.sinceMs).filter((id) => round.eligible.includes(id));
  if (able.length === 0) return round.eligible;
  const turns = Math.max(0, Math.floor((nowMs - round.sinceMs) / (order.nextAfterMinutes * MINUTE_MS)));
  return able.slice(0, Math.max(1, round.wanted) + turns);
}
