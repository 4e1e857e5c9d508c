'use client';

import { Link2 } from 'lucide-react';
import { useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogContent } from '#components/ui/dialog.tsx';
import { DialogForm } from '#components/ui/dialog-form.tsx';
import { ProofField } from '#components/ui/proof-field.tsx';
import { formatAbsolute } from '#lib/client/time.ts';
import { useHasRole, useMe } from '#lib/client/use-me.ts';
import { useProof } from '#lib/client/use-proof.ts';
import type { Person } from '#lib/contracts/people.ts';
import { useConfirmPerson } from './use-people-writes.ts';

const WHY = {
  invited: 'who invited them',
  roles: 'who gave them a role',
  enabled: 'who let them in again',
  'sign-in': 'who changed how people sign in',
} as const;

/** That an account counts as one person with whoever made it or gave it a role, and the way for somebody else to end that. */
export function CountsWith({ person }: { readonly person: Person }) {
  const [open, setOpen] = useState(false);
  const me = useMe();
  const may = useHasRole('admin', 'security') === 'yes';
  const [last] = person.countsWith;
  if (last === undefined) return null;
  const makers = [...new Set(person.countsWith.map((tie) => tie.email))];
  const mine = person.id === me.data?.id || makers.every((email) => email === me.data?.email);
  return (
    <div className="mt-1.5 grid justify-items-start gap-1.5">
      <p className="flex items-start gap-1.5 text-medium text-xs [overflow-wrap:anywhere]">
        <Link2 aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" />
        <span>
          Counts as one person with <SafeText text={makers.join(', ')} /> ({WHY[last.why]}) until{' '}
          {formatAbsolute(last.until)}
        </span>
      </p>
      {may && !mine && (
        <Button size="sm" aria-label={`Confirm ${person.email}`} onClick={() => setOpen(true)}>
          Confirm…
        </Button>
      )}
      <Dialog open={open} onOpenChange={setOpen}>
        <DialogContent
          title="Is this somebody of their own?"
          description={
            <>
              Confirm only if you know that <SafeText text={person.name} /> is not <SafeText text={makers.join(', ')} />
              . From then on their votes count as those of two people; the log says that it was you.
            </>
          }
          width="sm"
        >
          <ConfirmForm id={person.id} onDone={() => setOpen(false)} />
        </DialogContent>
      </Dialog>
    </div>
  );
}

/** Its own component, so that a reopened dialog holds no password. */
function ConfirmForm({ id, onDone }: { readonly id: string; readonly onDone: () => void }) {
  const confirm = useConfirmPerson(id);
  const proof = useProof();
  const [password, setPassword] = useState('');
  const send = async () => {
    const answer = await confirm.run(password);
    if (answer.ok) onDone();
  };
  return (
    <DialogForm
      commit="They are two people"
      blocked={proof.bar(password)}
      busy={confirm.busy}
      problem={confirm.problem}
      onSubmit={() => void send()}
    >
      <ProofField proof={proof} value={password} onChange={setPassword} />
    </DialogForm>
  );
}
