'use client';

import { type KeyboardEvent, useState } from 'react';
import { cx } from '#components/ui/class-names.ts';
import { formatCount, plural } from '#lib/client/format.ts';
import { formatClock } from '#lib/client/time.ts';
import { axisTop, fillHours, type Hour, type Series, stack, totalOf } from './hour-scale.ts';
import { HourTable } from './hour-table.tsx';

/** The drawing's own units; it is stretched to its box, so labels stand outside of it as text. */
const COLUMN = 10;
const PLOT = 100;
const FILLS: Readonly<Record<Series, string>> = { low: 'fill-low', medium: 'fill-medium', high: 'fill-high' };

const shortHour = (iso: string) => formatClock(iso).slice(0, 5);

function sentenceOf(hour: Hour): string {
  const tiers = `${hour.high} high, ${hour.medium} medium, ${hour.low} low`;
  return `From ${shortHour(hour.hour)}: ${plural(totalOf(hour), 'call')} (${tiers}), ${hour.denied} refused`;
}

/** Calls by hour and tier over a day, as stacked columns. One tab stop; arrow keys read the hours; a table follows for screen readers. */
export function HourChart({ hours, now }: { readonly hours: readonly Hour[]; readonly now: number }) {
  const [chosen, setChosen] = useState<number | null>(null);
  const filled = fillHours(hours, now);
  const last = filled.length - 1;
  const top = axisTop(filled);
  const picked = filled[chosen ?? last];

  const move = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, Home: -filled.length, End: filled.length }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    setChosen((at) => Math.min(last, Math.max(0, (at ?? last) + by)));
  };

  return (
    <figure>
      <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2">
        <div
          aria-hidden="true"
          className="tabular flex flex-col justify-between text-right text-2xs text-ink-3 leading-none"
        >
          {[top, top / 2, 0].map((count) => (
            <span key={count}>{formatCount(count)}</span>
          ))}
        </div>
        <div
          role="slider"
          tabIndex={0}
          aria-label="Hour of the last 24"
          aria-valuemin={0}
          aria-valuemax={last}
          aria-valuenow={chosen ?? last}
          aria-valuetext={picked === undefined ? '' : sentenceOf(picked)}
          onKeyDown={move}
          onFocus={() => setChosen((at) => at ?? last)}
          onBlur={() => setChosen(null)}
          onPointerLeave={() => setChosen(null)}
          className="rounded-sm"
        >
          <svg
            viewBox={`0 0 ${filled.length * COLUMN} ${PLOT}`}
            preserveAspectRatio="none"
            aria-hidden="true"
            className="block h-40 w-full overflow-visible"
          >
            {[0, 0.5, 1].map((share) => (
              <line
                key={share}
                x1={0}
                x2={filled.length * COLUMN}
                y1={share * PLOT}
                y2={share * PLOT}
                vectorEffect="non-scaling-stroke"
                className="stroke-line"
              />
            ))}
            {filled.map((hour, i) => (
              <Column
                key={hour.hour}
                hour={hour}
                x={i * COLUMN}
                top={top}
                on={chosen === i}
                onPick={() => setChosen(i)}
              />
            ))}
          </svg>
        </div>
        <div aria-hidden="true" className="tabular col-start-2 grid grid-cols-4 pt-1 text-right text-2xs text-ink-3">
          {filled.map((hour, i) => ((last - i) % 6 === 0 ? <span key={hour.hour}>{shortHour(hour.hour)}</span> : null))}
        </div>
      </div>
      <figcaption className="mt-1.5 flex min-h-5 flex-wrap items-center gap-x-4 gap-y-1 text-ink-2 text-xs">
        {chosen === null || picked === undefined ? <Legend /> : <span className="tabular">{sentenceOf(picked)}</span>}
      </figcaption>
      <HourTable hours={filled} />
    </figure>
  );
}

type ColumnProps = {
  readonly hour: Hour;
  readonly x: number;
  readonly top: number;
  readonly on: boolean;
  readonly onPick: () => void;
};

function Column({ hour, x, top, on, onPick }: ColumnProps) {
  const y = (count: number) => PLOT - (count / top) * PLOT;
  return (
    <g onPointerEnter={onPick}>
      <rect x={x} y={0} width={COLUMN} height={PLOT} className={cx(on ? 'fill-accent-soft' : 'fill-transparent')} />
      {stack(hour).map(({ series, from, to }) => (
        <rect
          key={series}
          x={x + 2}
          y={y(to)}
          width={COLUMN - 4}
          height={Math.max(0.8, y(from) - y(to) - 0.6)}
          className={FILLS[series]}
        />
      ))}
    </g>
  );
}

function Legend() {
  return (
    <>
      {(['high', 'medium', 'low'] as const).map((series) => (
        <span key={series} className="inline-flex items-center gap-1.5">
          <svg viewBox="0 0 8 8" aria-hidden="true" className="size-2">
            <rect width="8" height="8" rx="1.5" className={FILLS[series]} />
          </svg>
          {series}
        </span>
      ))}
    </>
  );
}
