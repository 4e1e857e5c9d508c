const DAY_MS = 86_400_000;
export const WEEK_MS = 7 * DAY_MS;
/** A weekly run that is this late was missed. */
export const GRACE_MS = DAY_MS;
/** After a change the rules settle for a while, and many changes in a row are one. */
export const SETTLE_MS = 10 * 60_000;
/** The longest that a gap may be accepted for. */
export const MOST_GAP_DAYS = 90;

/** What a run was made against; another one is a reason to run again. */
export type Ground = { readonly build: string; readonly policyVersion: number };

export type Due = {
  readonly nowMs: number;
  /** When the next weekly run is due. */
  readonly nextAtMs: number;
  /** When the last run began, whichever way it ended; null before the first. */
  readonly lastBegunMs: number | null;
  readonly ground: Ground;
  /** Of the last run that was finished. */
  readonly lastGround: Ground | null;
};

/** Why a run is due now; null where none is. A change waits until the last run is some minutes old. */
export function dueCause({ nowMs, nextAtMs, lastBegunMs, ground, lastGround }: Due): 'schedule' | 'change' | null {
  if (nowMs >= nextAtMs) return 'schedule';
  if (lastGround === null) return null;
  const isSame = ground.build === lastGround.build && ground.policyVersion === lastGround.policyVersion;
  if (isSame || (lastBegunMs !== null && nowMs - lastBegunMs < SETTLE_MS)) return null;
  return 'change';
}

/** Whether the weekly run was missed: none finished for a week and a day, counted from when the schedule began. */
export function isMissed(nowMs: number, lastFinishedMs: number | null, scheduledSinceMs: number): boolean {
  return nowMs - Math.max(lastFinishedMs ?? 0, scheduledSinceMs) > WEEK_MS + GRACE_MS;
}
