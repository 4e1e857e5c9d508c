'use client';

import { Infinity as Endless, X } from 'lucide-react';
import { formatAbsolute } from '#lib/client/time.ts';
import { useNow } from '#lib/client/use-now.ts';
import { type ClockState, clockMark, clockOf, clockWords, type Life, TWO_WEEKS, type Warning } from './age-clock.ts';
import { cx } from './class-names.ts';

const AROUND = 2 * Math.PI * 15;
const STROKES: Readonly<Record<ClockState, string>> = {
  endless: 'stroke-line-control',
  running: 'stroke-accent',
  soon: 'stroke-medium',
  last: 'stroke-high',
  ended: 'stroke-high',
};
const INKS: Readonly<Record<ClockState, string>> = {
  endless: 'text-ink-3',
  running: 'text-ink',
  soon: 'font-semibold text-medium',
  last: 'font-semibold text-high',
  ended: 'font-semibold text-high',
};

type AgeProps = Life & { readonly warning?: Warning };

/** What is left of a life as a ring that empties, the days inside it. A picture of the words that stand beside it. */
export function AgeRing({
  since,
  endsAt,
  warning = TWO_WEEKS,
  size = 'md',
}: AgeProps & { readonly size?: 'md' | 'lg' }) {
  const now = useNow();
  const clock = clockOf({ since, endsAt }, now, warning);
  const shown = clock.state === 'ended' ? 1 : Math.max(0.02, clock.share);
  return (
    <span
      aria-hidden="true"
      className={cx('relative grid shrink-0 place-items-center', size === 'lg' ? 'size-16' : 'size-9')}
    >
      <svg viewBox="0 0 36 36" aria-hidden="true" className="absolute inset-0 -rotate-90">
        <circle cx="18" cy="18" r="15" fill="none" strokeWidth="3" className="stroke-line-strong" />
        {now > 0 && clock.state !== 'endless' && (
          <circle
            cx="18"
            cy="18"
            r="15"
            fill="none"
            strokeWidth="3"
            strokeLinecap="round"
            strokeDasharray={`${(shown * AROUND).toFixed(1)} ${AROUND.toFixed(1)}`}
            className={STROKES[clock.state]}
          />
        )}
      </svg>
      {now > 0 && (
        <span
          className={cx(
            'tabular relative font-semibold leading-none [&_svg]:size-[1.25em]',
            size === 'lg' ? 'text-xl' : clockMark(clock).length > 2 ? 'text-2xs' : 'text-xs',
            INKS[clock.state],
          )}
        >
          {clock.state === 'endless' ? <Endless /> : clock.state === 'ended' ? <X strokeWidth={3} /> : clockMark(clock)}
        </span>
      )}
    </span>
  );
}

/** The same in words, with the exact moment on hover. */
export function AgeWords({ since, endsAt, warning = TWO_WEEKS }: AgeProps) {
  const now = useNow();
  if (now === 0) return null;
  const clock = clockOf({ since, endsAt }, now, warning);
  return (
    <span
      {...(endsAt === null ? {} : { title: formatAbsolute(endsAt) })}
      className={cx('tabular whitespace-nowrap', INKS[clock.state])}
    >
      {clockWords(clock)}
    </span>
  );
}
