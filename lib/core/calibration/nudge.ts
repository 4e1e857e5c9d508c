/** From how many decisions on a pattern says anything, in the last seven days. */
export const NUDGE_DECISIONS = 20;
const NUDGE_APPROVED = 0.95;
const NUDGE_DWELL_S = 3;

/** What somebody decided lately. `medianDwellS` counts a decision without opening the request as no time at all. */
export type Habit = { readonly decisions: number; readonly approved: number; readonly medianDwellS: number | null };

/**
 * Whether somebody approves nearly everything nearly unread: more than 95 % of at least twenty decisions, half of them in
 * under three seconds. It is a hint to a person and changes nothing by itself.
 */
export function needsNudge({ decisions, approved, medianDwellS }: Habit): boolean {
  if (decisions < NUDGE_DECISIONS || medianDwellS === null) return false;
  return approved / decisions > NUDGE_APPROVED && medianDwellS < NUDGE_DWELL_S;
}
