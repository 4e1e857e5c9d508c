'use client';

import { clockOf, clockWords, type Warning } from '#components/ui/age-clock.ts';
import { cx } from '#components/ui/class-names.ts';
import { formatAbsolute, formatSpan } from '#lib/client/time.ts';
import { useNow } from '#lib/client/use-now.ts';

const DAY_MS = 86_400_000;
/** Lives of an hour and of a day stand side by side: the last quarter is soon, the last tenth nearly over. */
function warningOf(since: string, endsAt: string): Warning {
  const days = (Date.parse(endsAt) - Date.parse(since)) / DAY_MS;
  return { soonDays: days / 4, lastDays: days / 10 };
}
const FILLS = {
  endless: 'bg-line-strong',
  running: 'bg-accent',
  soon: 'bg-medium',
  last: 'bg-high',
  ended: 'bg-high',
} as const;

/** What is left of a short life as a bar that empties, with its age and its time left in words. */
export function LifeBar({ since, endsAt }: { readonly since: string; readonly endsAt: string }) {
  const now = useNow();
  if (now === 0) return <span className="block h-8 w-40" />;
  const clock = clockOf({ since, endsAt }, now, warningOf(since, endsAt));
  const age = formatSpan(Math.max(0, now - Date.parse(since)) / 1000);
  return (
    <span className="grid w-40 max-w-full gap-1" title={`Ends ${formatAbsolute(endsAt)}`}>
      <span aria-hidden="true" className="h-1.5 overflow-hidden rounded-full bg-line-strong">
        <span
          className={cx('block h-full rounded-full', FILLS[clock.state])}
          style={{ width: `${Math.max(2, clock.share * 100).toFixed(1)}%` }}
        />
      </span>
      <span
        className={cx(
          'tabular whitespace-nowrap text-xs',
          clock.state === 'last' ? 'font-semibold text-high' : 'text-ink-2',
        )}
      >
        {`${age} old, ${clockWords(clock)}`}
      </span>
    </span>
  );
}
