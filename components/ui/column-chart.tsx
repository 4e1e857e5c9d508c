'use client';

import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { cx } from './class-names.ts';

/** The drawing's own units; it is stretched to its box, so labels stand outside of it as text. */
const COLUMN = 10;
const PLOT = 100;

/**
 * How a bar looks. `hollow` differs from the filled ones without colour. With forced colours the browser leaves drawings
 * alone, so each look names a system colour and an outline of its own.
 */
const TONES = {
  high: 'fill-high forced-colors:fill-[CanvasText]',
  medium: 'fill-medium forced-colors:fill-[GrayText] forced-colors:stroke-[CanvasText]',
  low: 'fill-low forced-colors:fill-[Canvas] forced-colors:stroke-[CanvasText]',
  accent: 'fill-accent forced-colors:fill-[Highlight]',
  quiet: 'fill-line-control forced-colors:fill-[GrayText]',
  hollow:
    'fill-sunken stroke-ink-3 forced-colors:fill-[Canvas] forced-colors:stroke-[CanvasText] forced-colors:[stroke-dasharray:1.5_1]',
} as const;
export type BarTone = keyof typeof TONES;

export type Bar = {
  readonly tone: BarTone;
  /** In the axis' own measure, from the ground up. */
  readonly from: number;
  readonly to: number;
  /** Which part of the column's width it takes, from 0 to 1. */
  readonly span?: readonly [start: number, end: number];
};
export type ChartColumn = {
  readonly key: string;
  /** The column in words: for screen readers, and under the chart while it is picked. */
  readonly sentence: string;
  readonly bars: readonly Bar[];
};

type ColumnChartProps = {
  /** What moves along the axis: the name of the slider that reads the columns. */
  readonly label: string;
  readonly columns: readonly ChartColumn[];
  /** The top of the axis, and how its numbers are written. */
  readonly top: number;
  readonly format: (value: number) => string;
  /** Words under the axis, each in an equal share of it. */
  readonly ticks: readonly string[];
  readonly tickEdge?: keyof typeof EDGES;
  /** The column that is read first. */
  readonly first: number;
  readonly legend: readonly { readonly tone: BarTone; readonly text: string }[];
  /** A few words after the legend. */
  readonly note?: string;
  readonly height?: 'normal' | 'low';
  /** The same numbers as a table, where it does not stand beside the chart. */
  readonly children?: ReactNode;
};

const EDGES = { start: 'text-left', middle: 'text-center', end: 'text-right' } as const;
const HEIGHTS = { normal: 'h-40', low: 'h-28' } as const;

/** Columns over a scale. One tab stop; arrow keys and the pointer read them; the numbers follow as a table. */
export function ColumnChart(props: ColumnChartProps) {
  const { label, columns, top, format, ticks, tickEdge = 'start', first, legend, note, height = 'normal' } = props;
  const [chosen, setChosen] = useState<number | null>(null);
  const last = columns.length - 1;
  const picked = columns[chosen ?? first];
  const move = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, Home: -columns.length, End: columns.length }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    setChosen((at) => Math.min(last, Math.max(0, (at ?? first) + by)));
  };
  return (
    <figure>
      <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2">
        <div
          aria-hidden="true"
          className="tabular flex flex-col justify-between text-right text-2xs text-ink-3 leading-none"
        >
          {[top, top / 2, 0].map((value) => (
            <span key={value}>{format(value)}</span>
          ))}
        </div>
        <div
          role="slider"
          tabIndex={0}
          aria-label={label}
          aria-valuemin={0}
          aria-valuemax={last}
          aria-valuenow={chosen ?? first}
          aria-valuetext={picked?.sentence ?? ''}
          onKeyDown={move}
          onFocus={() => setChosen((at) => at ?? first)}
          onBlur={() => setChosen(null)}
          onPointerLeave={() => setChosen(null)}
          className="rounded-sm"
        >
          <svg
            viewBox={`0 0 ${columns.length * COLUMN} ${PLOT}`}
            preserveAspectRatio="none"
            aria-hidden="true"
            className={cx('block w-full overflow-visible', HEIGHTS[height])}
          >
            {[0, 0.5, 1].map((share) => (
              <line
                key={share}
                x1={0}
                x2={columns.length * COLUMN}
                y1={share * PLOT}
                y2={share * PLOT}
                vectorEffect="non-scaling-stroke"
                className="stroke-line"
              />
            ))}
            {columns.map((column, i) => (
              <Column
                key={column.key}
                bars={column.bars}
                x={i * COLUMN}
                top={top}
                on={chosen === i}
                onPick={() => setChosen(i)}
              />
            ))}
          </svg>
        </div>
        <div
          aria-hidden="true"
          className={cx(
            'tabular col-start-2 grid auto-cols-fr grid-flow-col pt-1 text-2xs text-ink-3',
            EDGES[tickEdge],
          )}
        >
          {ticks.map((tick) => (
            <span key={tick}>{tick}</span>
          ))}
        </div>
      </div>
      <figcaption className="mt-1.5 flex min-h-5 flex-wrap items-center gap-x-4 gap-y-1 text-ink-2 text-xs">
        {chosen !== null && picked !== undefined ? (
          <span className="tabular">{picked.sentence}</span>
        ) : (
          <>
            {legend.map(({ tone, text }) => (
              <LegendItem key={text} tone={tone} text={text} />
            ))}
            {note !== undefined && <span className="text-ink-3">{note}</span>}
          </>
        )}
      </figcaption>
      {props.children}
    </figure>
  );
}

type ColumnProps = {
  readonly bars: readonly Bar[];
  readonly x: number;
  readonly top: number;
  readonly on: boolean;
  readonly onPick: () => void;
};

/** The middle of a column, when a bar stands in it alone. */
const ALONE = [0.2, 0.8] as const;

function Column({ bars, x, top, on, onPick }: ColumnProps) {
  const y = (value: number) => PLOT - (value / top) * PLOT;
  return (
    <g onPointerEnter={onPick}>
      <rect
        x={x}
        y={0}
        width={COLUMN}
        height={PLOT}
        className={on ? 'fill-accent-soft forced-colors:stroke-[Highlight]' : 'fill-transparent'}
      />
      {bars.map(({ tone, from, to, span: [start, end] = ALONE }) => (
        <rect
          key={`${tone} ${start}`}
          x={x + start * COLUMN}
          y={y(to)}
          width={(end - start) * COLUMN}
          // The smallest count must still be seen, and stacked bars must not run into each other.
          height={to === from ? 0 : Math.max(0.8, y(from) - y(to) - (from > 0 ? 0.6 : 0))}
          vectorEffect="non-scaling-stroke"
          className={TONES[tone]}
        />
      ))}
    </g>
  );
}

function LegendItem({ tone, text }: { readonly tone: BarTone; readonly text: string }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <svg viewBox="0 0 8 8" aria-hidden="true" className="size-2">
        <rect x="0.5" y="0.5" width="7" height="7" rx="1" className={TONES[tone]} />
      </svg>
      {text}
    </span>
  );
}
