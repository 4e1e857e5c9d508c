'use client';

import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogActions, DialogClose, DialogContent } from '#components/ui/dialog.tsx';
import { DialogForm } from '#components/ui/dialog-form.tsx';
import { dateIn } from '#components/ui/end-choice.ts';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ReasonField } from '#components/ui/reason-field.tsx';
import { SecretOnce } from '#components/ui/secret-once.tsx';
import { serverNow } from '#lib/client/time.ts';
import { type CredentialPatch, type CredentialView, credentialPatchSchema } from '#lib/contracts/credentials.ts';
import { MIGRATION_DAYS, REMINDER_DAYS } from '#lib/core/credentials/kinds.ts';
import { usePatchCredential } from './use-credentials.ts';

type Props = {
  readonly credential: CredentialView;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
};

/** Changes when it ends, how it is rotated and who is told. A click beside the dialog must not lose the hook's secret. */
export function EditCredentialDialog({ credential, open, onOpenChange }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title="End, rotation and hook"
        description={`People are reminded ${REMINDER_DAYS.join(', ')} days before the end. Each change is recorded with your reason.`}
        onInteractOutside={(event) => event.preventDefault()}
      >
        <EditForm credential={credential} onDone={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

const DAY_MS = 86_400_000;

type Fields = { readonly end: string; readonly overlap: string; readonly every: string; readonly hook: string };

function fieldsOf(credential: CredentialView): Fields {
  const { endsAt, overlapMinutes, rotateEveryDays, hook } = credential;
  return {
    end: endsAt === null ? '' : dateIn(0, Date.parse(endsAt)),
    overlap: String(overlapMinutes),
    every: rotateEveryDays === null ? '' : String(rotateEveryDays),
    hook: hook?.url ?? '',
  };
}

/** Only what differs from what stands; unreadable numbers become NaN, which the shape refuses. */
function patchOf(was: Fields, is: Fields, reason: string): CredentialPatch | null {
  const changes = {
    ...(is.end === was.end || is.end === '' ? {} : { endsAt: new Date(`${is.end}T23:59:00`).toISOString() }),
    ...(is.overlap === was.overlap ? {} : { overlapMinutes: Number(is.overlap) }),
    ...(is.every === was.every ? {} : { rotateEveryDays: is.every === '' ? null : Number(is.every) }),
    ...(is.hook === was.hook ? {} : { hook: is.hook === '' ? null : { kind: 'webhook', url: is.hook } }),
  };
  const parsed = credentialPatchSchema.safeParse({ ...changes, reason });
  return parsed.success && Object.keys(changes).length > 0 ? parsed.data : null;
}

function EditForm({ credential, onDone }: { readonly credential: CredentialView; readonly onDone: () => void }) {
  const write = usePatchCredential(credential.id);
  const [was] = useState(() => fieldsOf(credential));
  const [is, setIs] = useState(was);
  const [reason, setReason] = useState('');
  const [hookSecret, setHookSecret] = useState<string | null>(null);
  const set = (changes: Partial<Fields>) => setIs((now) => ({ ...now, ...changes }));
  const patch = patchOf(was, is, reason);
  const same = JSON.stringify(was) === JSON.stringify(is);
  const blocked = same
    ? 'Nothing is changed yet.'
    : reason.trim().length < 3
      ? 'Say why first, in a few words.'
      : patch === null
        ? 'Correct the numbers or the address first.'
        : null;
  const send = async () => {
    if (patch === null) return;
    const answer = await write.run(patch);
    if (!answer.ok) return;
    if (answer.value.hookSecret === null) onDone();
    else setHookSecret(answer.value.hookSecret);
  };
  if (hookSecret !== null) return <HookSecret value={hookSecret} />;
  const lastMs = Date.parse(credential.createdAt) + (MIGRATION_DAYS - 1) * DAY_MS;
  return (
    <DialogForm commit="Save" blocked={blocked} busy={write.busy} problem={write.problem} onSubmit={() => void send()}>
      <Field
        label="Last day"
        optional={!credential.migrationOnly}
        hint={
          credential.migrationOnly
            ? `At most ${MIGRATION_DAYS} days after it was added; rotating it does not begin anew.`
            : 'It may be moved, not taken away.'
        }
      >
        <Input
          type="date"
          value={is.end}
          min={dateIn(0, serverNow())}
          {...(credential.migrationOnly ? { max: dateIn(0, lastMs) } : {})}
          onChange={(event) => set({ end: event.target.value })}
        />
      </Field>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Field label="Overlap, in minutes" hint="How long calls under way may still use the old one.">
          <Input
            inputMode="numeric"
            maxLength={4}
            value={is.overlap}
            onChange={(event) => set({ overlap: event.target.value.trim() })}
          />
        </Field>
        <Field label="Rotate every, in days" optional hint="When the next rotation is due.">
          <Input
            inputMode="numeric"
            maxLength={3}
            value={is.every}
            onChange={(event) => set({ every: event.target.value.trim() })}
          />
        </Field>
      </div>
      <Field
        label="Webhook that rotates it"
        optional
        hint="Asked, with our signature, when a rotation is due. Its address must be on the egress allowlist."
      >
        <Input
          type="url"
          value={is.hook}
          placeholder="https://rotate.example.com/countersign"
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => set({ hook: event.target.value.trim() })}
        />
      </Field>
      <ReasonField value={reason} onChange={setReason} />
    </DialogForm>
  );
}

function HookSecret({ value }: { readonly value: string }) {
  return (
    <div className="grid gap-4">
      <Notice tone="warning" role="status" title="Copy the signing secret now">
        It is shown this once. The receiver checks with it that a call comes from here.
      </Notice>
      <SecretOnce label="Signing secret of the webhook" value={value} />
      <DialogActions>
        <DialogClose asChild>
          <Button variant="primary">I have copied it</Button>
        </DialogClose>
      </DialogActions>
    </div>
  );
}
