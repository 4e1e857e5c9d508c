'use client';

import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import type { AgentDetail } from '#lib/contracts/agents.ts';
import { useRevokeAgent } from './use-agents.ts';

/** Ends an agent's identity everywhere, at once and for good. */
export function RevokeAgent({ agent, bar }: { readonly agent: AgentDetail; readonly bar: string | null }) {
  const [open, setOpen] = useState(false);
  const revoke = useRevokeAgent(agent.id);
  const confirm = async (reason: string) => {
    const answer = await revoke.run(reason);
    if (answer.ok) setOpen(false);
  };
  return (
    <>
      <Button variant="danger" disabledReason={bar} onClick={() => setOpen(true)}>
        Revoke…
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={(next) => {
          revoke.reset();
          setOpen(next);
        }}
        title={`Revoke ${agent.name}?`}
        consequence="Its secret and all its tokens are refused in every gateway from now on. This cannot be undone."
        confirmWord="Revoke"
        tone="danger"
        reasonLabel="Why"
        busy={revoke.busy}
        problem={revoke.problem}
        onConfirm={(reason) => void confirm(reason)}
      />
    </>
  );
}
