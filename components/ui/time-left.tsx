'use client';

import { cx } from '#components/ui/class-names.ts';
import { formatCountdown, formatSpan } from '#lib/client/time.ts';
import { useNow } from '#lib/client/use-now.ts';

const SOON_MS = 120_000;
const CLOCK_MS = 15 * 60_000;
const AROUND = 2 * Math.PI * 12;

type TimeLeftProps = { readonly expiresAt: string; readonly className?: string };

/** Time left on the server's clock: seconds when it matters, minutes when it does not. */
export function TimeLeft({ expiresAt, className }: TimeLeftProps) {
  const now = useNow();
  if (now === 0) return null;
  const left = Date.parse(expiresAt) - now;
  return (
    <span className={cx('tabular', left <= SOON_MS ? 'font-semibold text-high' : 'text-ink-3', className)}>
      {left <= 0 ? 'time is up' : left <= CLOCK_MS ? formatCountdown(left) : formatSpan(left / 1000)}
    </span>
  );
}

/** The same as a ring that empties, with the words beside it. */
export function TimeRing({ requestedAt, expiresAt }: { readonly requestedAt: string; readonly expiresAt: string }) {
  const now = useNow();
  const left = Math.max(0, Date.parse(expiresAt) - now);
  const whole = Math.max(1, Date.parse(expiresAt) - Date.parse(requestedAt));
  const soon = left <= SOON_MS;
  return (
    <span className="flex items-center gap-2.5">
      <svg viewBox="0 0 30 30" aria-hidden="true" className="size-7 shrink-0 -rotate-90">
        <circle cx="15" cy="15" r="12" fill="none" strokeWidth="3" className="stroke-line-strong" />
        <circle
          cx="15"
          cy="15"
          r="12"
          fill="none"
          strokeWidth="3"
          strokeLinecap="round"
          strokeDasharray={`${(Math.min(1, left / whole) * AROUND).toFixed(1)} ${AROUND.toFixed(1)}`}
          className={soon ? 'stroke-high' : 'stroke-accent'}
        />
      </svg>
      <span className={cx('tabular whitespace-nowrap', soon ? 'font-semibold text-high' : 'text-ink-2')}>
        {now === 0 ? '' : left === 0 ? 'Time is up' : `${formatCountdown(left)} left`}
      </span>
    </span>
  );
}

/** The time left for a screen reader: said at 60 and at 15 seconds and at the end, also while something else is shown. */
export function TimeSpoken({ expiresAt }: { readonly expiresAt: string }) {
  const now = useNow();
  const seconds = Math.ceil(Math.max(0, Date.parse(expiresAt) - now) / 1000);
  return (
    <span role="status" className="sr-only">
      {now > 0 && seconds <= 60 && seconds > 15 && 'One minute left to decide.'}
      {now > 0 && seconds <= 15 && seconds > 0 && '15 seconds left to decide.'}
      {now > 0 && seconds === 0 && 'Time is up. Undecided counts as denied.'}
    </span>
  );
}
