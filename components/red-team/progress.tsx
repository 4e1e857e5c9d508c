import { LoaderCircle } from 'lucide-react';
import type { RedTeamRunView } from '#lib/contracts/red-team.ts';
import { causeWords } from './words.ts';

/** A run that is under way, and how far it is. */
export function Progress({ run }: { readonly run: RedTeamRunView }) {
  const { state, played, planned } = run;
  const words =
    state === 'waiting'
      ? 'The run waits for the worker.'
      : planned === 0
        ? 'The run begins.'
        : `${played} of ${planned} scenarios played.`;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border bg-panel px-3.5 py-3">
      <LoaderCircle aria-hidden="true" className="size-4 shrink-0 animate-spin text-accent" />
      <p role="status" className="tabular">
        {words}
      </p>
      <span className="text-ink-3 text-xs">{causeWords(run)}</span>
      <progress
        aria-label="Scenarios played"
        max={Math.max(1, planned)}
        value={played}
        className="ml-auto h-1.5 w-full min-w-40 overflow-hidden rounded-full accent-accent sm:w-56"
      />
    </div>
  );
}
