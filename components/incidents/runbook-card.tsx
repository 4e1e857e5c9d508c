'use client';

import { CircleCheck, CircleDashed } from 'lucide-react';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { cx } from '#components/ui/class-names.ts';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { When } from '#components/ui/when.tsx';
import type { IncidentDetail, IncidentStep } from '#lib/contracts/incidents.ts';
import { StepButton } from './step-button.tsx';
import { useDoStep } from './use-incident.ts';

type RunbookProps = { readonly incident: IncidentDetail; readonly bar: string | null };

/** What to do, in order, each with the button that does it or leads to where it is done. */
export function RunbookCard({ incident, bar }: RunbookProps) {
  const { steps, drill, state } = incident;
  const done = steps.filter((step) => step.done !== null).length;
  return (
    <Card title="What to do" aside={<span className="tabular">{`${done} of ${steps.length} done`}</span>} flush>
      {drill && (
        <p className="border-b bg-accent-soft px-3.5 py-2 text-accent">
          A drill: nothing here acts. Do each step as far as you would without changing anything.
        </p>
      )}
      <ol>
        {steps.map((step, index) => (
          <StepRow
            key={step.id}
            incidentId={incident.id}
            step={step}
            number={index + 1}
            over={state === 'resolved'}
            bar={bar}
          />
        ))}
      </ol>
    </Card>
  );
}

type StepRowProps = {
  readonly incidentId: string;
  readonly step: IncidentStep;
  readonly number: number;
  readonly over: boolean;
  readonly bar: string | null;
};

function StepRow({ incidentId, step, number, over, bar }: StepRowProps) {
  const mark = useDoStep(incidentId);
  const { done, action, title, why } = step;
  const Icon = done === null ? CircleDashed : CircleCheck;
  return (
    <li className="border-b last:border-b-0">
      <article aria-label={`Step ${number}: ${title}`} className="flex gap-3 px-3.5 py-3">
        <Icon
          aria-hidden="true"
          className={cx('mt-px size-[1.125rem] shrink-0', done === null ? 'text-ink-3' : 'text-low')}
        />
        <div className="min-w-0 flex-1">
          <h3 className={cx('font-semibold', done !== null && 'text-ink-2')}>
            <span className="tabular">{number}. </span>
            {title}
          </h3>
          <p className="max-w-[68ch] text-pretty text-ink-2">{why}</p>
          <div className="mt-2 flex flex-wrap items-center gap-2">
            {action !== null && (
              <StepButton action={action} over={over} bar={bar} onDone={() => void mark.run(step.id)} />
            )}
            {done === null && !over && (
              <Button
                size="sm"
                variant="ghost"
                busy={mark.busy}
                disabledReason={bar}
                aria-label={`Mark as done: ${title}`}
                onClick={() => void mark.run(step.id)}
              >
                Mark as done
              </Button>
            )}
            <span role="status" className="text-ink-3 text-xs">
              {done !== null && (
                <>
                  Done by {done.by} <When at={done.at} />
                </>
              )}
            </span>
          </div>
          {mark.problem !== null && <ProblemNotice problem={mark.problem} className="mt-2" />}
        </div>
      </article>
    </li>
  );
}
