'use client';

import { Bot, Check, CircleHelp, Hourglass, Minus, X } from 'lucide-react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { cx } from '#components/ui/class-names.ts';
import { formatAbsolute } from '#lib/client/time.ts';
import { formatGap, type Lane, STAGE_WORDS, type Step, type StepTone } from './lanes.ts';

const LOOKS = {
  plain: { Icon: Bot, mark: 'border-line-strong bg-sunken text-ink-2', ink: 'text-ink-2' },
  good: { Icon: Check, mark: 'border-low-line bg-low-soft text-low', ink: 'text-ink' },
  bad: { Icon: X, mark: 'border-high-line bg-high-soft text-high', ink: 'font-medium text-high' },
  odd: { Icon: Hourglass, mark: 'border-medium-line bg-medium-soft text-medium', ink: 'text-ink' },
  waiting: { Icon: CircleHelp, mark: 'border-dashed border-line-strong text-ink-3', ink: 'text-ink-3' },
  skipped: { Icon: Minus, mark: 'border-transparent text-ink-3', ink: 'text-ink-3' },
} as const satisfies Readonly<Record<StepTone, unknown>>;

type LaneProps = {
  readonly lane: Lane;
  /** The entry that is opened. */
  readonly current: string | null;
  readonly onOpen: (seq: string) => void;
};

/**
 * One call as a line through its stages, with the time from each to the next. It is a list: a reader hears the stages in
 * order with the same words and times, and every stage opens its entry.
 */
export function CallLane({ lane, current, onOpen }: LaneProps) {
  return (
    <ol aria-label="Stages of the call" className="grid grid-cols-5">
      {lane.steps.map((step, at) => (
        <li key={step.stage} className="relative min-w-0 pt-4 text-center">
          {at > 0 && <Way step={step} />}
          <Mark step={step} current={current} onOpen={onOpen} />
          <p className="mt-1 text-2xs text-ink-3">{STAGE_WORDS[step.stage]}</p>
          <p className={cx('px-0.5 text-2xs [overflow-wrap:anywhere]', LOOKS[step.tone].ink)}>
            <SafeText text={step.word} />
          </p>
        </li>
      ))}
    </ol>
  );
}

/** The line from the stage before, and how long it took. Half of it lies in the neighbour's column. */
function Way({ step }: { readonly step: Step }) {
  const reached = step.rows.length > 0;
  return (
    <span aria-hidden="true" className="absolute inset-x-0 top-0 -translate-x-1/2">
      <span className="tabular block h-4 whitespace-nowrap text-2xs text-ink-3">
        {step.afterMs === null ? '' : formatGap(step.afterMs)}
      </span>
      <span
        className={cx(
          'mx-3.5 mt-3 block border-t',
          reached ? 'border-line-strong' : 'border-line-strong border-dashed opacity-60',
        )}
      />
    </span>
  );
}

function Mark({ step, current, onOpen }: { readonly step: Step } & Omit<LaneProps, 'lane'>) {
  const { Icon, mark } = LOOKS[step.tone];
  const last = step.rows.at(-1);
  const classes = cx(
    'forced-border relative mx-auto grid size-6 place-items-center rounded-full border [&_svg]:size-3.5',
    mark,
  );
  if (last === undefined) {
    return (
      <span className={classes}>
        <Icon aria-hidden="true" />
      </span>
    );
  }
  const opened = step.rows.some((row) => row.seq === current);
  const many = step.rows.length > 1 ? `, ${step.rows.length} entries` : '';
  const after = step.afterMs === null ? '' : `, after ${formatGap(step.afterMs)}`;
  return (
    <button
      type="button"
      aria-label={`${STAGE_WORDS[step.stage]}: ${step.word}${after}${many}. Open entry ${last.seq}`}
      aria-current={opened ? 'true' : undefined}
      title={`${formatAbsolute(last.at)}, entry ${last.seq}`}
      onClick={() => onOpen(last.seq)}
      className={cx(classes, opened && 'outline-2 outline-accent outline-offset-1', 'hover:border-current')}
    >
      <Icon aria-hidden="true" />
      {step.rows.length > 1 && (
        <span
          aria-hidden="true"
          className="tabular absolute -top-1.5 -right-2 rounded-full border bg-panel px-1 text-2xs text-ink-2 leading-3.5"
        >
          {step.rows.length}
        </span>
      )}
    </button>
  );
}
