import { type Clock, TWO_WEEKS } from '#components/ui/age-clock.ts';

const DAY_MS = 86_400_000;

/** The columns of the chart of days left: what is over first, then ever more time. */
export const SPANS = [
  { text: 'ended', upTo: 0 },
  { text: '3 d', upTo: TWO_WEEKS.lastDays },
  { text: '14 d', upTo: TWO_WEEKS.soonDays },
  { text: '30 d', upTo: 30 },
  { text: '60 d', upTo: 60 },
  { text: 'more', upTo: Number.POSITIVE_INFINITY },
  { text: 'no end', upTo: null },
] as const;

/** Which of the spans a clock falls into. */
export function spanOf({ leftMs }: Clock): number {
  if (leftMs === null) return SPANS.length - 1;
  return SPANS.findIndex(({ upTo }) => upTo !== null && leftMs <= upTo * DAY_MS);
}
