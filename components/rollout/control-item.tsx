'use client';

import { Eye, ShieldCheck, ShieldMinus, ShieldOff } from 'lucide-react';
import Link from 'next/link';
import { EndObserve } from '#components/observe-form/end-observe.tsx';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { observeScopeWords } from '#components/shell/scope-words.ts';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { TimeLeft } from '#components/ui/time-left.tsx';
import { formatSpan } from '#lib/client/time.ts';
import { useRoleBar } from '#lib/client/use-me.ts';
import type { Rollout } from '#lib/contracts/rollout.ts';

type Control = Rollout['controls'][number];
type OpenWindow = Control['windows'][number];

const MODES = {
  enforced: { word: 'Enforced', tone: 'good', Icon: ShieldCheck },
  partly: { word: 'Partly', tone: 'warning', Icon: ShieldMinus },
  observed: { word: 'Observing', tone: 'danger', Icon: Eye },
  off: { word: 'Not running', tone: 'plain', Icon: ShieldOff },
} as const satisfies Record<Control['mode'], unknown>;

type ControlItemProps = { readonly control: Control; readonly onObserve: (scope: string) => void };

/** A control: how it stands, what shows it, the windows that weaken it, and the way to open one. */
export function ControlItem({ control, onObserve }: ControlItemProps) {
  const { word, tone, Icon } = MODES[control.mode];
  return (
    <li className="grid gap-2 border-b px-3.5 py-2.5 last:border-b-0">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5">
        <div className="min-w-0 flex-1 basis-64">
          <h3 className="font-medium">{control.title}</h3>
          <p className="text-xs">
            <Link href={control.proof} className="link target tabular text-ink-2">
              {control.evidence}
            </Link>
          </p>
        </div>
        <Badge tone={tone} icon={<Icon aria-hidden="true" />}>
          {word}
        </Badge>
        <div className="flex min-w-32 justify-end max-sm:min-w-0">
          <ObserveButton control={control} onObserve={onObserve} />
        </div>
      </div>
      {control.windows.length > 0 && (
        <ul className="grid gap-2 rounded-md border bg-sunken p-2.5">
          {control.windows.map((window) => (
            <WindowLine key={window.id} window={window} />
          ))}
        </ul>
      )}
    </li>
  );
}

function ObserveButton({ control, onObserve }: ControlItemProps) {
  const bar = useRoleBar('admin', 'security');
  const [first] = control.scopes;
  if (first === undefined) return <span className="text-ink-3 text-xs">has no observe mode</span>;
  if (control.mode === 'observed') return null;
  return (
    <Button size="sm" variant="ghost" disabledReason={bar} onClick={() => onObserve(first)}>
      Observe…<span className="sr-only"> {control.title}</span>
    </Button>
  );
}

function WindowLine({ window }: { readonly window: OpenWindow }) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <div className="min-w-0 flex-1 basis-60 text-xs">
        <p className="font-medium">
          <SafeText text={observeScopeWords(window.scope)} />
        </p>
        <p className="text-ink-2">
          {`Asked by ${window.openedBy} for ${formatSpan(window.minutes * 60)}`}
          {window.confirmedBy !== null && `, confirmed by ${window.confirmedBy}`}.{' '}
          {window.running && window.endsAt !== null ? (
            <>
              Ends in <TimeLeft expiresAt={window.endsAt} />.
            </>
          ) : (
            <>
              Waits for a second person:{' '}
              <Link href="/exceptions" className="link target">
                Exceptions
              </Link>
              .
            </>
          )}
        </p>
      </div>
      <EndObserve id={window.id} running={window.running} word="Enforce now" />
    </li>
  );
}
