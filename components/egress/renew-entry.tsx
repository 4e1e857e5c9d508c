'use client';

import { useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogContent } from '#components/ui/dialog.tsx';
import { DialogForm } from '#components/ui/dialog-form.tsx';
import { type EndChoice, endOf } from '#components/ui/end-choice.ts';
import { EndField } from '#components/ui/end-field.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ReasonField, reasonBar } from '#components/ui/reason-field.tsx';
import { serverNow } from '#lib/client/time.ts';
import type { EgressEntry } from '#lib/contracts/egress.ts';
import { ENTRY_HOURS, entrySentence } from './entry-words.ts';
import { usePatchEntry } from './use-egress.ts';

/** Gives an entry another end. Where it leads never changes: for that, add another. */
export function RenewEntry({ entry, bar }: { readonly entry: EgressEntry; readonly bar: string | null }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="sm" disabledReason={bar} onClick={() => setOpen(true)}>
        Renew…
      </Button>
      <Dialog open={open} onOpenChange={setOpen}>
        <DialogContent
          title="Renew this destination"
          description="Its end and its reason change; where it leads does not."
        >
          <RenewForm entry={entry} onDone={() => setOpen(false)} />
        </DialogContent>
      </Dialog>
    </>
  );
}

function RenewForm({ entry, onDone }: { readonly entry: EgressEntry; readonly onDone: () => void }) {
  const write = usePatchEntry(entry.id);
  const [end, setEnd] = useState<EndChoice>({ kind: 'in', hours: 30 * 24 });
  const [reason, setReason] = useState(entry.reason);
  const expires = endOf(end, serverNow());
  const send = async () => {
    const expires = endOf(end, serverNow());
    if (expires === undefined) return;
    const answer = await write.run({ expires, reason: reason.trim() });
    if (answer.ok) onDone();
  };
  return (
    <DialogForm
      commit="Renew"
      blocked={expires === undefined ? 'Name the last day.' : reasonBar(reason)}
      busy={write.busy}
      problem={write.problem}
      onSubmit={() => void send()}
    >
      <EndField value={end} onChange={setEnd} hours={ENTRY_HOURS} mayBeEndless />
      <ReasonField value={reason} onChange={setReason} />
      {expires !== undefined && (
        <Notice title="What it opens">
          <SafeText text={entrySentence({ ...entry, expires })} />
        </Notice>
      )}
    </DialogForm>
  );
}
