'use client';

import { ArrowUpRight } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { KillDialog } from '#components/shell/kill-dialog.tsx';
import { Button } from '#components/ui/button.tsx';
import { buttonClasses } from '#components/ui/button-classes.ts';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { api, nothingSchema } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useWrite } from '#lib/client/use-write.ts';
import type { IncidentStepAction } from '#lib/contracts/incidents.ts';

type StepButtonProps = {
  readonly action: IncidentStepAction;
  readonly over: boolean;
  readonly bar: string | null;
  /** Called when it acted. */
  readonly onDone: () => void;
};

/** Leads, or acts. What acts asks first, and the server judges again who may. */
export function StepButton({ action, over, bar, onDone }: StepButtonProps) {
  switch (action.kind) {
    case 'open':
      return (
        <Link href={action.href} className={buttonClasses('plain', 'sm')}>
          {action.text}
          <ArrowUpRight aria-hidden="true" className="size-3.5" />
        </Link>
      );
    case 'kill':
      return over ? null : <KillStep text={action.text} scope={action.scope} bar={bar} onDone={onDone} />;
    case 'quarantine':
      return over ? null : (
        <ActStep
          text={action.text}
          bar={bar}
          title="Quarantine this session?"
          consequence="Nothing of it runs any more, and what it waits for ends. Until it is let in again, only the sessions that the agent has open now may call."
          path={`/api/v1/agents/${encodeURIComponent(action.agent)}/sessions/${encodeURIComponent(action.session)}/quarantine`}
          method="POST"
          onDone={onDone}
        />
      );
    case 'revoke-token':
      return over ? null : (
        <ActStep
          text={action.text}
          bar={bar}
          title="End this token?"
          consequence="Whoever has it can do nothing with it any more. The agent gets another one with its own secret."
          path={`/api/v1/agents/${encodeURIComponent(action.agent)}/tokens/${encodeURIComponent(action.token)}`}
          method="DELETE"
          onDone={onDone}
        />
      );
  }
}

type KillStepProps = { readonly text: string; readonly scope: string } & Pick<StepButtonProps, 'bar' | 'onDone'>;

function KillStep({ text, scope, bar, onDone }: KillStepProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="sm" variant="danger" disabledReason={bar} onClick={() => setOpen(true)}>
        {text}…
      </Button>
      <KillDialog scope={scope} open={open} onOpenChange={setOpen} onStopped={onDone} />
    </>
  );
}

type ActStepProps = Pick<StepButtonProps, 'bar' | 'onDone'> & {
  readonly text: string;
  readonly title: string;
  readonly consequence: string;
  readonly path: string;
  readonly method: 'POST' | 'DELETE';
};

const STALE = [queryKeys.agents.all, queryKeys.approvals.all];

function ActStep({ text, bar, title, consequence, path, method, onDone }: ActStepProps) {
  const [open, setOpen] = useState(false);
  const act = useWrite(
    (reason: string) => api.send(method, path, method === 'POST' ? { reason } : undefined, nothingSchema),
    STALE,
  );
  const confirm = async (reason: string) => {
    if (!(await act.run(reason)).ok) return;
    setOpen(false);
    onDone();
  };
  return (
    <>
      <Button size="sm" variant="danger" disabledReason={bar} onClick={() => setOpen(true)}>
        {text}…
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={(next) => {
          act.reset();
          setOpen(next);
        }}
        title={title}
        consequence={consequence}
        confirmWord={text}
        tone="danger"
        {...(method === 'POST' ? { reasonLabel: 'Why' } : {})}
        busy={act.busy}
        problem={act.problem}
        onConfirm={(reason) => void confirm(reason)}
      />
    </>
  );
}
