'use client';

import { OctagonX } from 'lucide-react';
import Link from 'next/link';
import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { buttonClasses } from '#components/ui/button-classes.ts';
import { Dialog, DialogActions, DialogContent } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Textarea } from '#components/ui/input.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { api } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useWrite } from '#lib/client/use-write.ts';
import { type KillSwitch, killSwitchSchema } from '#lib/contracts/kill-switch.ts';
import { scopeWords } from './kill-words.ts';

const DEFAULT_REASON = 'Emergency stop from the console';

type KillDialogProps = {
  readonly scope: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** Called once it is stopped. */
  readonly onStopped?: () => void;
};

/**
 * The second of the two clicks that stop tools. The reason is filled in and selected: in an emergency Enter is enough,
 * with a minute to spare one types over it.
 */
export function KillDialog({ scope, open, onOpenChange, onStopped }: KillDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        tone="danger"
        title={`Stop: ${scopeWords(scope).toLowerCase()}`}
        description="At once, in every gateway. What waits or was approved but has not run is voided; what runs is cancelled. Tools outside this scope go on. Two people turn it back on; in a solo install your password and a minute."
      >
        <KillForm scope={scope} onDone={() => onOpenChange(false)} onStopped={onStopped} />
      </DialogContent>
    </Dialog>
  );
}

type KillFormProps = {
  readonly scope: string;
  readonly onDone: () => void;
  readonly onStopped: (() => void) | undefined;
};

function KillForm({ scope, onDone, onStopped }: KillFormProps) {
  const [reason, setReason] = useState(DEFAULT_REASON);
  const kill = useWrite<string, KillSwitch>(
    (why) => api.send('POST', '/api/v1/kill-switch', { scope, on: true, reason: why }, killSwitchSchema),
    [queryKeys.killSwitch, queryKeys.approvals.all, queryKeys.overview],
  );
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const answer = await kill.run(reason);
    if (!answer.ok) return;
    onDone();
    onStopped?.();
  };
  return (
    <form onSubmit={submit}>
      <Field label="Reason" hint="Everybody sees it in the banner and in the audit log.">
        <Textarea
          autoFocus
          rows={2}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          onFocus={(event) => event.target.select()}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
              event.preventDefault();
              event.currentTarget.form?.requestSubmit();
            }
          }}
        />
      </Field>
      {kill.problem !== null && (
        <Notice tone="danger" role="alert" className="mt-3" title={`Not stopped: ${kill.problem.title}`}>
          {kill.problem.next} With the console down, write <code>{scope}</code> into the file <code>KILL</code> in the
          gateway's data folder.
        </Notice>
      )}
      <DialogActions>
        <Link href="/kill-switch" onClick={onDone} className={`${buttonClasses('ghost')} mr-auto -ml-3`}>
          Other scopes
        </Link>
        <Button onClick={onDone}>Cancel</Button>
        <Button
          type="submit"
          variant="danger-solid"
          busy={kill.busy}
          disabledReason={reason.trim().length < 3 ? 'Say why, in a few words.' : null}
        >
          <OctagonX aria-hidden="true" className="size-4" />
          Stop now
        </Button>
      </DialogActions>
    </form>
  );
}
