'use client';

import { Check } from 'lucide-react';
import Link from 'next/link';
import { buttonClasses } from '#components/ui/button-classes.ts';
import { Card } from '#components/ui/card.tsx';
import { cx } from '#components/ui/class-names.ts';
import type { Overview } from '#lib/contracts/audit.ts';

type Step = {
  readonly done: boolean;
  readonly title: string;
  readonly text: string;
  readonly href: string;
  readonly act: string;
};

function stepsOf(setUp: Overview['setUp']): readonly Step[] {
  return [
    {
      done: setUp.hasServer,
      title: 'Add a server',
      text: 'An MCP server whose tools your agents shall use, by its address or a command that the host allows.',
      href: '/servers?add=1',
      act: 'Add a server',
    },
    {
      done: setUp.hasAcceptedTool,
      title: 'Accept its tools',
      text: 'Look at what was found, with a suggested tier for each tool. Nothing can be called before you accept it.',
      href: '/servers',
      act: 'Look at the tools',
    },
    {
      done: setUp.hasAgent,
      title: 'Create an agent',
      text: 'Each agent gets an identity of its own. Its secret is shown once.',
      href: '/agents?add=1',
      act: 'Create an agent',
    },
    {
      done: setUp.hasCall,
      title: 'See its first call',
      text: 'Copy the client configuration from the agent\u2019s page. Calls with low risk pass; the others wait for a person under Approvals.',
      href: '/agents',
      act: 'Copy the configuration',
    },
  ];
}

/** Whether the checklist still has something to say. */
export function isSetUp(setUp: Overview['setUp']): boolean {
  return stepsOf(setUp).every((step) => step.done);
}

/** What to do in the first hour, ticked by what the system has seen, not by clicking. */
export function FirstHour({ setUp }: { readonly setUp: Overview['setUp'] }) {
  const steps = stepsOf(setUp);
  const next = steps.findIndex((step) => !step.done);
  const done = steps.filter((step) => step.done).length;
  return (
    <Card title="First hour" aside={`${done} of ${steps.length} done`} flush>
      <ol>
        {steps.map((step, i) => (
          <li
            key={step.title}
            className={cx(
              'flex flex-wrap items-start gap-x-3.5 gap-y-2 border-b px-3.5 py-3 last:border-b-0',
              i === next && 'bg-accent-soft',
            )}
          >
            <span
              className={cx(
                'tabular mt-px grid size-5 shrink-0 place-items-center rounded-full border font-semibold text-2xs',
                step.done
                  ? 'border-transparent bg-low-soft text-low'
                  : i === next
                    ? 'border-accent text-accent'
                    : 'border-line-strong text-ink-3',
              )}
            >
              {step.done ? <Check aria-hidden="true" strokeWidth={3} className="size-3" /> : i + 1}
            </span>
            <div className="min-w-0 flex-1 basis-64">
              <p className={cx('font-semibold', step.done && 'text-ink-2')}>
                {step.title}
                {step.done && <span className="sr-only">, done</span>}
              </p>
              {!step.done && <p className="max-w-[62ch] text-ink-2">{step.text}</p>}
            </div>
            {i === next && (
              <Link href={step.href} className={buttonClasses('primary', 'sm')}>
                {step.act}
              </Link>
            )}
          </li>
        ))}
      </ol>
    </Card>
  );
}
