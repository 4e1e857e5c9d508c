'use client';

import Link from 'next/link';
import { Card } from '#components/ui/card.tsx';
import { firstSteps, laterSteps } from '#lib/client/welcome-steps.ts';
import type { Welcome } from '#lib/contracts/welcome.ts';
import { ConnectStep } from './connect-step.tsx';
import { StepItem } from './step-item.tsx';

export function Steps({ now }: { readonly now: Welcome }) {
  const first = firstSteps(now);
  const later = laterSteps(now);
  const next = first.findIndex((step) => !step.done);
  const done = (steps: typeof first) => `${steps.filter((step) => step.done).length} of ${steps.length} done`;
  return (
    <div className="grid grid-cols-1 gap-4">
      <Card title="To the first decided call" aside={<span role="status">{done(first)}</span>} flush>
        <ol>
          {first.map((step, i) => (
            <StepItem key={step.id} step={step} mark={i + 1} isNext={i === next}>
              {step.id === 'call' && i === next && now.agent !== null && <ConnectStep name={now.agent.name} />}
            </StepItem>
          ))}
        </ol>
      </Card>
      <Card title="Make it yours" aside={done(later)} flush>
        <ul>
          {later.map((step) => (
            <StepItem key={step.id} step={step} mark="" isNext={false} />
          ))}
        </ul>
      </Card>
      <Card title="Read on">
        <ul className="grid gap-x-6 gap-y-1.5 sm:grid-cols-2">
          {READ_ON.map(({ href, text, note }) => (
            <li key={href}>
              <Link href={href} className="link font-medium">
                {text}
              </Link>
              <span className="block text-ink-3 text-xs">{note}</span>
            </li>
          ))}
        </ul>
      </Card>
    </div>
  );
}

const READ_ON = [
  { href: '/docs/users', text: 'Deciding calls', note: 'Five minutes for everybody who votes' },
  { href: '/docs/developers', text: 'Connecting agents', note: 'Every client, tokens, the decision API' },
  {
    href: '/docs/operators#confine-the-agents',
    text: 'Leaving agents no other way',
    note: 'What passes by the gateway is not held',
  },
  { href: '/docs/operators#back-up', text: 'Backing up', note: 'The database, and the keys apart from it' },
  { href: '/docs/errors', text: 'Errors and what to do', note: 'Every code, with its next step' },
  { href: '/docs/security', text: 'What it defends', note: 'And what it does not' },
];
