'use client';

import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogActions, DialogClose, DialogContent } from '#components/ui/dialog.tsx';
import { DialogForm } from '#components/ui/dialog-form.tsx';
import type { AgentDetail } from '#lib/contracts/agents.ts';
import { DEFAULT_OVERLAP_S, OverlapField } from './overlap-field.tsx';
import { SecretShown } from './secret-shown.tsx';
import { useRotateAgent } from './use-agents.ts';

type Secret = { readonly clientId: string; readonly clientSecret: string };

/** Gives an agent a new secret; the present keys go on for the overlap that is chosen. */
export function RotateAgent({ agent, bar }: { readonly agent: AgentDetail; readonly bar: string | null }) {
  const [open, setOpen] = useState(false);
  const [secret, setSecret] = useState<Secret | null>(null);
  const [overlapS, setOverlapS] = useState(DEFAULT_OVERLAP_S);
  const rotate = useRotateAgent(agent.id);
  const confirm = async () => {
    const answer = await rotate.run(overlapS);
    if (!answer.ok) return;
    setOpen(false);
    setSecret(answer.value);
  };
  return (
    <>
      <Button disabledReason={bar} onClick={() => setOpen(true)}>
        Rotate secret…
      </Button>
      <Dialog
        open={open}
        onOpenChange={(next) => {
          rotate.reset();
          setOpen(next);
        }}
      >
        <DialogContent
          title={`New secret for ${agent.name}?`}
          description="It is shown once. The present keys go on beside it for a while, so that a running agent need not stop."
        >
          <DialogForm
            commit="Rotate"
            blocked={null}
            busy={rotate.busy}
            problem={rotate.problem}
            onSubmit={() => void confirm()}
          >
            <OverlapField value={overlapS} onChange={setOverlapS} />
          </DialogForm>
        </DialogContent>
      </Dialog>
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
