'use client';

import { RotateCw } from 'lucide-react';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';

type Props = { readonly error: Error & { readonly digest?: string }; readonly reset: () => void };

/** A page that broke. What was shown before is gone, so it says first that nothing was decided by it. */
export default function ErrorPage({ error, reset }: Props) {
  return (
    <EmptyState
      icon={<RotateCw aria-hidden="true" />}
      title="This page broke"
      action={
        <Button variant="primary" onClick={reset}>
          Try again
        </Button>
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
