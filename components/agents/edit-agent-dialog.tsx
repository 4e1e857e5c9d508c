'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogActions, DialogClose, DialogContent } from '#components/ui/dialog.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import type { AgentDetail } from '#lib/contracts/agents.ts';
import { AgentFields, type AgentSettings } from './agent-fields.tsx';
import { usePatchAgent } from './use-agents.ts';

type Props = { readonly agent: AgentDetail; readonly open: boolean; readonly onOpenChange: (open: boolean) => void };

/** Changes what an agent may use and how long its calls can be held. */
export function EditAgentDialog({ agent, open, onOpenChange }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title={`Edit ${agent.name}`} width="lg">
        <EditForm agent={agent} onDone={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

function EditForm({ agent, onDone }: { readonly agent: AgentDetail; readonly onDone: () => void }) {
  const patch = usePatchAgent(agent.id);
  const { client, requestTimeoutMs, pendingCap, servers, aggregate } = agent;
  const [settings, setSettings] = useState<AgentSettings>({
    ownerId: agent.owner.id,
    client,
    requestTimeoutMs,
    pendingCap,
    servers,
    aggregate,
  });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (patch.busy) return;
    const answer = await patch.run(settings);
    if (answer.ok) onDone();
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      <AgentFields value={settings} onChange={setSettings} />
      {patch.problem !== null && <ProblemNotice problem={patch.problem} />}
      <DialogActions>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" busy={patch.busy}>
          Save
        </Button>
      </DialogActions>
    </form>
  );
}
