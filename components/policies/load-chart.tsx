'use client';

import { type KeyboardEvent, useState } from 'react';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { formatLoad, type HourLoad, hourWords, loadTop } from './load-scale.ts';

/** The drawing's own units; it is stretched to its box, so labels stand outside of it as text. */
const COLUMN = 10;
const PLOT = 100;

function sentenceOf(hour: HourLoad): string {
  return `${hourWords(hour.hour)} UTC: ${formatLoad(hour.now)} now, ${formatLoad(hour.draft)} with these rules`;
}

/** Requests an hour by hour of the day, now and with the draft. One tab stop; arrow keys read the hours; a table on demand. */
export function LoadChart({ hours }: { readonly hours: readonly HourLoad[] }) {
  const [chosen, setChosen] = useState<number | null>(null);
  const top = loadTop(hours);
  const last = hours.length - 1;
  const picked = hours[chosen ?? 0];
  const move = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, Home: -hours.length, End: hours.length }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    setChosen((at) => Math.min(last, Math.max(0, (at ?? 0) + by)));
  };
  return (
    <figure>
      <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2">
        <div
          aria-hidden="true"
          className="tabular flex flex-col justify-between text-right text-2xs text-ink-3 leading-none"
        >
          {[top, top / 2, 0].map((load) => (
            <span key={load}>{formatLoad(load)}</span>
          ))}
        </div>
        <div
          role="slider"
          tabIndex={0}
          aria-label="Hour of the day"
          aria-valuemin={0}
          aria-valuemax={last}
          aria-valuenow={chosen ?? 0}
          aria-valuetext={picked === undefined ? '' : sentenceOf(picked)}
          onKeyDown={move}
          onFocus={() => setChosen((at) => at ?? 0)}
          onBlur={() => setChosen(null)}
          onPointerLeave={() => setChosen(null)}
          className="rounded-sm"
        >
          <svg
            viewBox={`0 0 ${hours.length * COLUMN} ${PLOT}`}
            preserveAspectRatio="none"
            aria-hidden="true"
            className="block h-36 w-full overflow-visible"
          >
            {[0, 0.5, 1].map((share) => (
              <line
                key={share}
                x1={0}
                x2={hours.length * COLUMN}
                y1={share * PLOT}
                y2={share * PLOT}
                vectorEffect="non-scaling-stroke"
                className="stroke-line"
              />
            ))}
            {hours.map((hour, i) => (
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
        <div aria-hidden="true" className="tabular col-start-2 grid grid-cols-4 pt-1 text-2xs text-ink-3">
          {[0, 6, 12, 18].map((hour) => (
            <span key={hour}>{`${String(hour).padStart(2, '0')}:00`}</span>
          ))}
        </div>
      </div>
      <figcaption className="mt-1.5 flex min-h-5 flex-wrap items-center gap-x-4 gap-y-1 text-ink-2 text-xs">
        {chosen === null || picked === undefined ? <Legend /> : <span className="tabular">{sentenceOf(picked)}</span>}
      </figcaption>
      <details className="mt-1.5 text-xs">
        <summary className="target w-fit rounded-sm text-ink-3 hover:text-ink">The same as a table</summary>
        <LoadTable hours={hours} />
      </details>
    </figure>
  );
}

type ColumnProps = {
  readonly hour: HourLoad;
  readonly x: number;
  readonly top: number;
  readonly on: boolean;
  readonly onPick: () => void;
};

/** Two bars side by side; the one of now is hollow, so that they differ without colour. */
function Column({ hour, x, top, on, onPick }: ColumnProps) {
  const height = (load: number) => (load / top) * PLOT;
  return (
    <g onPointerEnter={onPick}>
      <rect x={x} y={0} width={COLUMN} height={PLOT} className={on ? 'fill-accent-soft' : 'fill-transparent'} />
      <rect
        x={x + 1.4}
        y={PLOT - height(hour.now)}
        width={3.2}
        height={height(hour.now)}
        vectorEffect="non-scaling-stroke"
        className="fill-sunken stroke-ink-3"
      />
      <rect x={x + 5.2} y={PLOT - height(hour.draft)} width={3.6} height={height(hour.draft)} className="fill-accent" />
    </g>
  );
}

function Legend() {
  return (
    <>
      <span className="inline-flex items-center gap-1.5">
        <svg viewBox="0 0 8 8" aria-hidden="true" className="size-2">
          <rect x="0.5" y="0.5" width="7" height="7" rx="1" className="fill-sunken stroke-ink-3" />
        </svg>
        now
      </span>
      <span className="inline-flex items-center gap-1.5">
        <svg viewBox="0 0 8 8" aria-hidden="true" className="size-2">
          <rect width="8" height="8" rx="1.5" className="fill-accent" />
        </svg>
        with these rules
      </span>
      <span className="text-ink-3">requests an hour, on average, by hour of the day (UTC)</span>
    </>
  );
}

function LoadTable({ hours }: { readonly hours: readonly HourLoad[] }) {
  return (
    <Table caption="Requests an hour by hour of the day">
      <thead>
        <tr>
          <Th>Hour, UTC</Th>
          <Th className="text-right">Now</Th>
          <Th className="text-right">With these rules</Th>
        </tr>
      </thead>
      <tbody>
        {hours.map((hour) => (
          <Tr key={hour.hour}>
            <Td>{hourWords(hour.hour)}</Td>
            <Td className="text-right">{formatLoad(hour.now)}</Td>
            <Td className="text-right">{formatLoad(hour.draft)}</Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
