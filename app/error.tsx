'use client';

import { buttonClasses } from '#components/ui/button-classes.ts';
import { EmptyState } from '#components/ui/empty-state.tsx';

type Props = { readonly error: Error & { readonly digest?: string }; readonly reset: () => void };

/**
 * A page that broke. What was shown before is gone, so it says first that nothing was decided by it. Every page brings
 * this one along: it is made of next to nothing.
 */
export default function ErrorPage({ error, reset }: Props) {
  return (
    <EmptyState
      title="This page broke"
      action={
        <button type="button" onClick={reset} className={buttonClasses('primary')}>
          Try again
        </button>
      }
    >
      Nothing was approved by it. Requests keep waiting and expire as denied.
      {error.digest !== undefined && (
        <span className="mt-1 block text-ink-3 text-xs">
          The server’s log has it as <code>{error.digest}</code>.
        </span>
      )}
    </EmptyState>
  );
}
