'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogActions, DialogClose, DialogContent } from '#components/ui/dialog.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { ProofField } from '#components/ui/proof-field.tsx';
import { SecretOnce } from '#components/ui/secret-once.tsx';
import { formatAbsolute } from '#lib/client/time.ts';
import { useProof } from '#lib/client/use-proof.ts';
import type { Person } from '#lib/contracts/people.ts';
import type { Role } from '#lib/contracts/shared-shapes.ts';
import { GroupsField, groupsOf } from './groups-field.tsx';
import { PersonSessions } from './person-sessions.tsx';
import { RoleChoice } from './role-choice.tsx';
import { SsoBinding } from './sso-binding.tsx';
import { usePatchPerson, useResetLink } from './use-people-writes.ts';

type Props = { readonly person: Person | null; readonly onClose: () => void };

/** Changes somebody's roles, or shuts them out; both take effect at once, in open pages too. */
export function EditPersonDialog({ person, onClose }: Props) {
  return (
    <Dialog open={person !== null} onOpenChange={(open) => !open && onClose()}>
      <DialogContent title={person === null ? '' : person.name || person.email}>
        {person !== null && (
          <>
            <EditForm person={person} onDone={onClose} />
            <SsoBinding person={person} />
            <PersonSessions person={person} />
            {person.status === 'active' && <ResetPassword person={person} />}
          </>
        )}
      </DialogContent>
    </Dialog>
  );
}

function EditForm({ person, onDone }: { readonly person: Person; readonly onDone: () => void }) {
  const patch = usePatchPerson(person.id);
  const [roles, setRoles] = useState<readonly Role[]>(person.roles);
  const [groups, setGroups] = useState(person.groups.join(', '));
  const sameRoles = roles.length === person.roles.length && roles.every((role) => person.roles.includes(role));
  const sameGroups = groupsOf(groups).join(' ') === person.groups.join(' ');
  const same = sameRoles && sameGroups;
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (same || patch.busy) return;
    const answer = await patch.run({
      ...(sameRoles ? {} : { roles: [...roles] }),
      ...(sameGroups ? {} : { groups: groupsOf(groups) }),
    });
    if (answer.ok) onDone();
  };
  const turn = async (status: 'active' | 'disabled') => {
    const answer = await patch.run({ status });
    if (answer.ok) onDone();
  };
  return (
    <form onSubmit={save} className="grid gap-4">
      <RoleChoice value={roles} onChange={setRoles} />
      <GroupsField value={groups} onChange={setGroups} />
      {patch.problem !== null && <ProblemNotice problem={patch.problem} />}
      <DialogActions>
        {person.status === 'active' && (
          <Button variant="danger" className="mr-auto" busy={patch.busy} onClick={() => void turn('disabled')}>
            Disable and sign out
          </Button>
        )}
        {person.status === 'disabled' && (
          <Button className="mr-auto" busy={patch.busy} onClick={() => void turn('active')}>
            Enable again
          </Button>
        )}
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button
          type="submit"
          variant="primary"
          busy={patch.busy}
          disabledReason={same ? 'Nothing is changed yet.' : null}
        >
          Save
        </Button>
      </DialogActions>
    </form>
  );
}

/** A way back in for somebody who lost their password: a link, shown once, that the admin hands over. */
function ResetPassword({ person }: { readonly person: Person }) {
  const reset = useResetLink(person.id);
  const proof = useProof();
  const [password, setPassword] = useState('');
  const bar = proof.bar(password);
  const [made, setMade] = useState<{ readonly link: string; readonly expiresAt: string } | null>(null);
  const make = async (event: FormEvent) => {
    event.preventDefault();
    if (bar !== null || reset.busy) return;
    const answer = await reset.run(password);
    setPassword('');
    if (answer.ok) setMade(answer.value);
  };
  return (
    <div className="mt-5 grid gap-3 border-t pt-4">
      {made === null ? (
        <form onSubmit={make} className="grid gap-3">
          <p className="text-ink-2">Lost password? A link lets them set a new one and signs them out everywhere.</p>
          <ProofField proof={proof} value={password} onChange={setPassword} />
          <div>
            <Button type="submit" size="sm" busy={reset.busy} disabledReason={bar}>
              Make a reset link
            </Button>
          </div>
        </form>
      ) : (
        <>
          <Notice tone="warning" role="status" title="The link is shown this once">
            <p>{`Hand it over yourself. It works once, until ${formatAbsolute(made.expiresAt)}.`}</p>
          </Notice>
          <SecretOnce label="Reset link" value={made.link} />
        </>
      )}
      {reset.problem !== null && <ProblemNotice problem={reset.problem} />}
    </div>
  );
}
