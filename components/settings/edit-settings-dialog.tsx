'use client';

import { useState } from 'react';
import type { z } from 'zod';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Dialog, DialogContent } from '#components/ui/dialog.tsx';
import { DialogForm } from '#components/ui/dialog-form.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { ProofField } from '#components/ui/proof-field.tsx';
import { type ApiResult, api, nothingSchema } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useProof } from '#lib/client/use-proof.ts';
import { useWrite } from '#lib/client/use-write.ts';
import { settingsPatchSchema, type settingsSchema } from '#lib/contracts/exceptions.ts';
import { reauthAnswerSchema } from '#lib/contracts/me.ts';

type Settings = z.infer<typeof settingsSchema>;
type Props = {
  readonly settings: Settings;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
};

/** Changes them, with a reason; the password shows that it is the admin and not just their open browser. */
export function EditSettingsDialog({ settings, open, onOpenChange }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title="Undo and break-glass" description="Each change is recorded with your reason.">
        <EditForm settings={settings} onDone={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

type Patch = z.infer<typeof settingsPatchSchema>;

/** Signs the person in again first: the server asks for it wherever a change loosens something. */
function usePatchSettings() {
  return useWrite(
    async ({ patch, password }: { readonly patch: Patch; readonly password: string }): Promise<ApiResult<unknown>> => {
      if (password !== '') {
        const again = await api.send('POST', '/api/v1/me/reauth', { password }, reauthAnswerSchema);
        if (!again.ok) return again;
      }
      return api.send('PATCH', '/api/v1/settings', patch, nothingSchema);
    },
    [queryKeys.exceptions.all, queryKeys.me],
  );
}

function EditForm({ settings, onDone }: { readonly settings: Settings; readonly onDone: () => void }) {
  const write = usePatchSettings();
  const [undo, setUndo] = useState(String(settings.undoHighS));
  const [enabled, setEnabled] = useState(settings.breakGlassEnabled);
  const [group, setGroup] = useState(settings.breakGlassGroup);
  const [reason, setReason] = useState('');
  const [password, setPassword] = useState('');
  const proof = useProof();
  const proofBar = proof.bar(password);
  const undoHighS = /^\d{1,4}$/.test(undo) ? Number(undo) : -1;
  const changes = {
    ...(undoHighS === settings.undoHighS ? {} : { undoHighS }),
    ...(enabled === settings.breakGlassEnabled ? {} : { breakGlassEnabled: enabled }),
    ...(group.trim() === settings.breakGlassGroup ? {} : { breakGlassGroup: group.trim() }),
  };
  const wrongUndo = undoHighS < 0 || undoHighS > 3600;
  const blocked = wrongUndo
    ? 'Undo window: 0 to 3,600 seconds.'
    : Object.keys(changes).length === 0
      ? 'Nothing is changed yet.'
      : reason.trim().length < 3
        ? 'Say why first, in a few words.'
        : proofBar !== null
          ? proofBar
          : settingsPatchSchema.safeParse({ ...changes, reason }).success
            ? null
            : 'Name the group.';
  const send = async () => {
    const answer = await write.run({ patch: { ...changes, reason: reason.trim() }, password });
    if (answer.ok) onDone();
    else setPassword('');
  };
  return (
    <DialogForm commit="Save" blocked={blocked} busy={write.busy} problem={write.problem} onSubmit={() => void send()}>
      <Field
        label="Undo window of high-tier approvals, in seconds"
        hint="An approved call waits so long before it runs, and any reviewer can take it back. 0 = it runs at once."
        error={wrongUndo ? 'A whole number from 0 to 3,600.' : null}
      >
        <Input inputMode="numeric" value={undo} maxLength={4} onChange={(event) => setUndo(event.target.value)} />
      </Field>
      <Checkbox
        checked={enabled}
        onCheckedChange={(on) => setEnabled(on === true)}
        label="Break-glass"
        hint="Members of the group may decide alone for up to 15 minutes, with a passkey, a ticket and a review afterwards."
      />
      <Field label="Its group">
        <Input value={group} maxLength={64} autoComplete="off" onChange={(event) => setGroup(event.target.value)} />
      </Field>
      <Field label="Why" hint="Kept in the log, and shown to others.">
        <Input value={reason} maxLength={500} autoComplete="off" onChange={(event) => setReason(event.target.value)} />
      </Field>
      <ProofField proof={proof} value={password} onChange={setPassword} />
    </DialogForm>
  );
}
