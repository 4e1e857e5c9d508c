'use client';

import { Check, Minus } from 'lucide-react';
import Link from 'next/link';
import { cx } from '#components/ui/class-names.ts';
import { useHasRole, useRoleBar } from '#lib/client/use-me.ts';
import type { Rollout } from '#lib/contracts/rollout.ts';

type Step = Rollout['weeks'][number]['steps'][number];

const WORDS = {
  done: 'proven',
  partial: 'proven in part',
  open: 'not yet',
  'not-applicable': 'does not apply here',
} as const satisfies Record<Step['state'], string>;

/** A step with what was seen of it, which leads to the page that proves it, and what to do next. */
export function StepLine({ step }: { readonly step: Step }) {
  const { title, state, evidence, proof, next } = step;
  return (
    <li className="flex items-start gap-3 border-b px-3.5 py-2.5 last:border-b-0">
      <Mark state={state} />
      <div className="min-w-0 flex-1">
        <h3 className={cx('font-medium', state === 'not-applicable' ? 'text-ink-3' : 'text-ink')}>
          {title}
          <span className="sr-only"> ({WORDS[state]})</span>
        </h3>
        <p className="text-xs">
          <Link href={proof} className="link target tabular text-ink-2">
            {evidence}
          </Link>
        </p>
        {next !== null && <Next next={next} />}
      </div>
    </li>
  );
}

/** Told apart by shape: a tick, a half, a ring, a dash. */
function Mark({ state }: { readonly state: Step['state'] }) {
  const look = {
    done: 'border-transparent bg-low-soft text-low',
    partial: 'border-accent text-accent',
    open: 'border-line-control',
    'not-applicable': 'border-transparent text-ink-3',
  }[state];
  return (
    <span
      aria-hidden="true"
      className={cx('mt-0.5 grid size-4.5 shrink-0 place-items-center rounded-full border', look)}
    >
      {state === 'done' && <Check strokeWidth={3} className="size-3" />}
      {state === 'partial' && <span className="h-2 w-1 rounded-l-full bg-accent forced-colors:bg-[CanvasText]" />}
      {state === 'not-applicable' && <Minus className="size-3.5" />}
    </span>
  );
}

/** What to do and where, or who can do it instead. */
function Next({ next }: { readonly next: NonNullable<Step['next']> }) {
  const has = useHasRole(...next.roles);
  const bar = useRoleBar(...next.roles);
  return (
    <p className="mt-1 text-ink-2 text-xs">
      {next.text}{' '}
      {next.roles.length > 0 && has === 'no' ? (
        <span className="text-ink-3">{bar}</span>
      ) : (
        <Link href={next.href} className="link target whitespace-nowrap font-medium text-accent">
          {next.act}
        </Link>
      )}
    </p>
  );
}
