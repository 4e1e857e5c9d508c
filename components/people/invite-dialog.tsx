'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogActions, DialogClose, DialogContent } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { ProofField } from '#components/ui/proof-field.tsx';
import { SecretOnce } from '#components/ui/secret-once.tsx';
import { formatAbsolute } from '#lib/client/time.ts';
import { useProof } from '#lib/client/use-proof.ts';
import type { Role } from '#lib/contracts/shared-shapes.ts';
import { GroupsField, groupsOf } from './groups-field.tsx';
import { RoleChoice } from './role-choice.tsx';
import { useInvite } from './use-people-writes.ts';

type Props = { readonly open: boolean; readonly onOpenChange: (open: boolean) => void };

/** Invites somebody: makes a link, shown once, that the inviter hands over. */
export function InviteDialog({ open, onOpenChange }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title="Invite somebody" onInteractOutside={(event) => event.preventDefault()}>
        <InviteForm />
      </DialogContent>
    </Dialog>
  );
}

function InviteForm() {
  const invite = useInvite();
  const [email, setEmail] = useState('');
  const [roles, setRoles] = useState<readonly Role[]>(['reviewer']);
  const [groups, setGroups] = useState('');
  const proof = useProof();
  const [password, setPassword] = useState('');
  const [made, setMade] = useState<{ readonly link: string; readonly expiresAt: string } | null>(null);
  const blocked = !email.includes('@')
    ? 'Give an e-mail address.'
    : roles.length === 0
      ? 'Choose a role.'
      : proof.bar(password);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (blocked !== null || invite.busy) return;
    const answer = await invite.run({ email: email.trim(), roles: [...roles], groups: groupsOf(groups), password });
    if (answer.ok) setMade(answer.value);
    else setPassword('');
  };
  if (made !== null) {
    return (
      <div className="grid gap-4">
        <Notice tone="warning" role="status" title="The link is shown this once">
          <p>{`Hand it to ${email} yourself. It works once, until ${formatAbsolute(made.expiresAt)}.`}</p>
        </Notice>
        <SecretOnce label="Invitation link" value={made.link} />
        <DialogActions>
          <DialogClose asChild>
            <Button variant="primary">Done</Button>
          </DialogClose>
        </DialogActions>
      </div>
    );
  }
  return (
    <form onSubmit={submit} className="grid gap-4">
      <Field label="E-mail">
        <Input
          type="email"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
          placeholder="ben@example.com"
          autoComplete="off"
          required
        />
      </Field>
      <RoleChoice value={roles} onChange={setRoles} />
      <GroupsField value={groups} onChange={setGroups} />
      <ProofField proof={proof} value={password} onChange={setPassword} />
      {invite.problem !== null && <ProblemNotice problem={invite.problem} />}
      <DialogActions>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" busy={invite.busy} disabledReason={blocked}>
          Make the link
        </Button>
      </DialogActions>
    </form>
  );
}
