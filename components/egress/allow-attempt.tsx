'use client';

import { useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogContent } from '#components/ui/dialog.tsx';
import { DialogForm } from '#components/ui/dialog-form.tsx';
import { type EndChoice, endOf } from '#components/ui/end-choice.ts';
import { EndField } from '#components/ui/end-field.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ReasonField, reasonBar } from '#components/ui/reason-field.tsx';
import { serverNow } from '#lib/client/time.ts';
import type { EgressAttempt } from '#lib/contracts/egress-attempts.ts';
import { ENTRY_HOURS, entrySentence } from './entry-words.ts';
import { useAllowAttempt } from './use-egress.ts';

type AllowProps = { readonly attempt: EgressAttempt; readonly bar: string | null };

/** Lists what was refused, with an end and a reason: nobody allows something for ever in passing. */
export function AllowAttempt({ attempt, bar }: AllowProps) {
  const [open, setOpen] = useState(false);
  const scheme = schemeOf(attempt);
  return (
    <>
      <Button
        size="sm"
        disabledReason={bar ?? (scheme === null ? 'It is neither http nor https.' : null)}
        onClick={() => setOpen(true)}
      >
        Allow…
      </Button>
      <Dialog open={open} onOpenChange={setOpen}>
        <DialogContent
          title="Allow what was refused"
          description="The host’s name was chosen by whoever tried to reach it. Make sure that you know it."
        >
          {scheme !== null && <AllowForm attempt={{ ...attempt, scheme }} onDone={() => setOpen(false)} />}
        </DialogContent>
      </Dialog>
    </>
  );
}

function schemeOf({ scheme }: EgressAttempt): 'http' | 'https' | null {
  return scheme === 'http' || scheme === 'https' ? scheme : null;
}

type Allowable = Omit<EgressAttempt, 'scheme'> & { readonly scheme: 'http' | 'https' };

function AllowForm({ attempt, onDone }: { readonly attempt: Allowable; readonly onDone: () => void }) {
  const allow = useAllowAttempt(attempt.id);
  const [end, setEnd] = useState<EndChoice>({ kind: 'in', hours: 24 });
  const [path, setPath] = useState('/');
  const [cidr, setCidr] = useState('');
  const [reason, setReason] = useState('');
  const expires = endOf(end, serverNow());
  const range = cidr.trim() === '' ? null : cidr.trim();
  const blocked = !path.startsWith('/')
    ? 'A path begins with a slash.'
    : expires === undefined || expires === null
      ? 'Name the last day.'
      : reasonBar(reason);
  const send = async () => {
    const expires = endOf(end, serverNow());
    if (typeof expires !== 'string') return;
    const answer = await allow.run({ reason: reason.trim(), expires, path, cidr: range });
    if (answer.ok) onDone();
  };
  return (
    <DialogForm commit="Allow" blocked={blocked} busy={allow.busy} problem={allow.problem} onSubmit={() => void send()}>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <EndField value={end} onChange={setEnd} hours={ENTRY_HOURS} />
        <Field label="Paths below">
          <Input value={path} onChange={(event) => setPath(event.target.value)} spellCheck={false} autoComplete="off" />
        </Field>
      </div>
      <Field label="Address range" optional hint="Needed where its addresses are private or loopback.">
        <Input
          value={cidr}
          onChange={(event) => setCidr(event.target.value)}
          placeholder="10.20.0.0/16"
          autoComplete="off"
          spellCheck={false}
        />
      </Field>
      <ReasonField value={reason} onChange={setReason} />
      {typeof expires === 'string' && (
        <Notice tone="warning" title="What it opens">
          <SafeText
            text={entrySentence({ ...attempt, path, cidr: range, tlsPin: null, clientCertificate: null, expires })}
          />
        </Notice>
      )}
    </DialogForm>
  );
}
