'use client';

import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { Dialog, DialogActions, DialogClose, DialogContent } from '#components/ui/dialog.tsx';
import type { AgentDetail } from '#lib/contracts/agents.ts';
import { SecretShown } from './secret-shown.tsx';
import { useRotateAgent } from './use-agents.ts';

type Secret = { readonly clientId: string; readonly clientSecret: string };

/** Gives an agent a new secret; the old one ends at once. */
export function RotateAgent({ agent, bar }: { readonly agent: AgentDetail; readonly bar: string | null }) {
  const [open, setOpen] = useState(false);
  const [secret, setSecret] = useState<Secret | null>(null);
  const rotate = useRotateAgent(agent.id);
  const confirm = async () => {
    const answer = await rotate.run(undefined);
    if (!answer.ok) return;
    setOpen(false);
    setSecret(answer.value);
  };
  return (
    <>
      <Button disabledReason={bar} onClick={() => setOpen(true)}>
        Rotate secret
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={(next) => {
          rotate.reset();
          setOpen(next);
        }}
        title={`New secret for ${agent.name}?`}
        consequence="The old secret is refused from now on. The new one is shown once."
        confirmWord="Rotate"
        busy={rotate.busy}
        problem={rotate.problem}
        onConfirm={() => void confirm()}
      />
      <Dialog open={secret !== null} onOpenChange={(next) => !next && setSecret(null)}>
        <DialogContent title={`The new secret of ${agent.name}`} onInteractOutside={(event) => event.preventDefault()}>
          {secret !== null && <SecretShown secret={secret} />}
          <DialogActions>
            <DialogClose asChild>
              <Button variant="primary">Done</Button>
            </DialogClose>
          </DialogActions>
        </DialogContent>
      </Dialog>
    </>
  );
}
