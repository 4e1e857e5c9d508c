import { Check } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { buttonClasses } from '#components/ui/button-classes.ts';
import { cx } from '#components/ui/class-names.ts';
import { When } from '#components/ui/when.tsx';
import { useHasRole, useRoleBar } from '#lib/client/use-me.ts';
import type { WelcomeStep } from '#lib/client/welcome-steps.ts';

type StepItemProps = {
  readonly step: WelcomeStep;
  /** What stands in the circle until it is done: its number where the order matters. */
  readonly mark: ReactNode;
  /** Whether it is the one to do now. */
  readonly isNext: boolean;
  readonly children?: ReactNode;
};

/** One step: done with what proves it, or what to do and where. */
export function StepItem({ step, mark, isNext, children }: StepItemProps) {
  return (
    <li
      aria-current={isNext ? 'step' : undefined}
      className={cx('grid gap-3 border-b px-3.5 py-3 last:border-b-0', isNext && 'bg-accent-soft')}
    >
      <div className="flex flex-wrap items-start gap-x-3.5 gap-y-2">
        <Mark done={step.done} isNext={isNext}>
          {mark}
        </Mark>
        <div className="min-w-0 flex-1 basis-64">
          <h3 className={cx('font-semibold', step.done && 'text-ink-2')}>
            {step.title}
            {step.done && <span className="sr-only">, done</span>}
          </h3>
          {!step.done && <p className="max-w-[62ch] text-ink-2">{step.text}</p>}
          {step.evidence !== null && <Evidence evidence={step.evidence} />}
        </div>
        {!step.done && <Act step={step} isNext={isNext} />}
      </div>
      {children}
    </li>
  );
}

function Mark({
  done,
  isNext,
  children,
}: {
  readonly done: boolean;
  readonly isNext: boolean;
  readonly children: ReactNode;
}) {
  const look = done
    ? 'border-transparent bg-low-soft text-low'
    : isNext
      ? 'border-accent text-accent'
      : 'border-line-strong text-ink-3';
  return (
    <span
      aria-hidden="true"
      className={cx(
        'tabular mt-px grid size-5 shrink-0 place-items-center rounded-full border font-semibold text-2xs',
        look,
      )}
    >
      {done ? <Check strokeWidth={3} className="size-3" /> : children}
    </span>
  );
}

function Evidence({ evidence }: { readonly evidence: NonNullable<WelcomeStep['evidence']> }) {
  return (
    <p className="text-ink-2 text-xs">
      <Link href={evidence.href} className="link target">
        <SafeText text={evidence.text} className="[overflow-wrap:anywhere]" />
      </Link>
      {evidence.at !== null && (
        <>
          {', '}
          <When at={evidence.at} />
        </>
      )}
    </p>
  );
}

/** The way to the place where it is done, or who can do it instead. */
function Act({ step, isNext }: { readonly step: WelcomeStep; readonly isNext: boolean }) {
  const has = useHasRole(...step.roles);
  const bar = useRoleBar(...step.roles);
  // Until it is known who reads this, the way is shown: the page it leads to says no to whoever may not.
  if (step.roles.length > 0 && has === 'no') return <p className="max-w-40 text-ink-3 text-xs">{bar}</p>;
  return (
    <Link href={step.href} className={buttonClasses(isNext ? 'primary' : 'plain', 'sm')}>
      {step.act}
    </Link>
  );
}
