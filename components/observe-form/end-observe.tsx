'use client';

import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { useRoleBar } from '#lib/client/use-me.ts';
import { useEndObserve } from './use-observe-writes.ts';

type EndObserveProps = {
  readonly id: string;
  readonly running: boolean;
  /** What the button says where the window runs. */
  readonly word?: string;
};

/** Ends a window, or withdraws one that waits: after a question, by one person. */
export function EndObserve({ id, running, word = 'Enforce again' }: EndObserveProps) {
  const [asking, setAsking] = useState(false);
  const end = useEndObserve(id);
  const bar = useRoleBar('admin', 'security');
  return (
    <>
      <Button size="sm" disabledReason={bar} onClick={() => setAsking(true)}>
        {running ? `${word}…` : 'Withdraw…'}
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={(open) => {
          setAsking(open);
          end.reset();
        }}
        title={running ? `${word}?` : 'Withdraw this window?'}
        consequence={
          running
            ? 'From the next call on it is held or refused as its rules say. One person is enough to tighten.'
            : 'It never starts. Nothing changes.'
        }
        confirmWord={running ? 'Enforce' : 'Withdraw'}
        busy={end.busy}
        problem={end.problem}
        onConfirm={async () => {
          if ((await end.run(undefined)).ok) setAsking(false);
        }}
      />
    </>
  );
}
