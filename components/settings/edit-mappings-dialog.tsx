'use client';

import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Dialog, DialogContent } from '#components/ui/dialog.tsx';
import { DialogForm } from '#components/ui/dialog-form.tsx';
import { Field } from '#components/ui/field.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { Input } from '#components/ui/input.tsx';
import { ProofField } from '#components/ui/proof-field.tsx';
import { ReasonField, reasonBar } from '#components/ui/reason-field.tsx';
import { useProof } from '#lib/client/use-proof.ts';
import { type Role, roleSchema } from '#lib/contracts/shared-shapes.ts';
import type { SsoSettings } from '#lib/contracts/sso.ts';
import { usePatchSso } from './use-sso.ts';

type Props = { readonly sso: SsoSettings; readonly open: boolean; readonly onClose: () => void };
type Row = { readonly key: number; readonly claim: string; readonly roles: readonly Role[]; readonly groups: string };

/** What the provider's groups give here, one row a group. */
export function EditMappingsDialog({ sso, open, onClose }: Props) {
  return (
    <Dialog open={open} onOpenChange={(next) => !next && onClose()}>
      <DialogContent
        title="Groups at the provider"
        description="Applied anew at every sign-in. What an admin gave by hand stays; what a group gave goes with it."
        width="lg"
      >
        <EditForm sso={sso} onDone={onClose} />
      </DialogContent>
    </Dialog>
  );
}

function EditForm({ sso, onDone }: { readonly sso: SsoSettings; readonly onDone: () => void }) {
  const write = usePatchSso();
  const proof = useProof();
  const [rows, setRows] = useState<readonly Row[]>(
    sso.mappings.map((one, key) => ({ key, claim: one.claim, roles: one.roles, groups: one.groups.join(', ') })),
  );
  const [autoCreate, setAutoCreate] = useState(sso.autoCreate);
  const [reason, setReason] = useState('');
  const [password, setPassword] = useState('');
  const change = (key: number, part: Partial<Row>) =>
    setRows(rows.map((row) => (row.key === key ? { ...row, ...part } : row)));
  const add = () =>
    setRows([...rows, { key: Math.max(-1, ...rows.map((row) => row.key)) + 1, claim: '', roles: [], groups: '' }]);
  const isOpen = rows.some((row) => row.claim.trim() === '' || (row.roles.length === 0 && row.groups.trim() === ''));
  const blocked = isOpen ? 'Name each group, and what it gives.' : (reasonBar(reason) ?? proof.bar(password));
  const send = async () => {
    const mappings = rows.map((row) => ({
      claim: row.claim.trim(),
      roles: [...row.roles],
      groups: row.groups.split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()])),
    }));
    const answer = await write.run({ patch: { mappings, autoCreate, reason: reason.trim() }, password });
    if (answer.ok) onDone();
    else setPassword('');
  };
  return (
    <DialogForm commit="Save" blocked={blocked} busy={write.busy} problem={write.problem} onSubmit={() => void send()}>
      <ul aria-label="Groups" className="grid gap-3">
        {rows.map((row, index) => (
          <li key={row.key} className="grid gap-3 rounded-md border p-3">
            <div className="flex items-end gap-2">
              <div className="min-w-0 flex-1">
                <Field label={`Group ${index + 1} at the provider`}>
                  <Input
                    value={row.claim}
                    maxLength={200}
                    autoComplete="off"
                    onChange={(event) => change(row.key, { claim: event.target.value })}
                  />
                </Field>
              </div>
              <IconButton
                label={`Remove group ${index + 1}`}
                onClick={() => setRows(rows.filter((other) => other.key !== row.key))}
              >
                <Trash2 aria-hidden="true" className="size-4" />
              </IconButton>
            </div>
            <fieldset className="flex flex-wrap gap-x-4 gap-y-2">
              <legend className="mb-1.5 font-medium text-ink-2 text-xs">Gives the roles</legend>
              {roleSchema.options.map((role) => (
                <Checkbox
                  key={role}
                  label={role}
                  checked={row.roles.includes(role)}
                  onCheckedChange={(on) =>
                    change(row.key, {
                      roles: on === true ? [...row.roles, role] : row.roles.filter((other) => other !== role),
                    })
                  }
                />
              ))}
            </fieldset>
            <Field label="and the groups here" optional hint="Separated by commas; rules name them.">
              <Input
                value={row.groups}
                autoComplete="off"
                onChange={(event) => change(row.key, { groups: event.target.value })}
              />
            </Field>
          </li>
        ))}
      </ul>
      <div>
        <Button size="sm" onClick={add}>
          <Plus aria-hidden="true" className="size-4" />
          Add a group
        </Button>
      </div>
      <Checkbox
        checked={autoCreate}
        onCheckedChange={(on) => setAutoCreate(on === true)}
        label="No invitation needed"
        hint="Whoever gets a role from one of these groups, and whose e-mail the provider has verified, has an account."
      />
      <ReasonField value={reason} onChange={setReason} />
      <ProofField proof={proof} value={password} onChange={setPassword} />
    </DialogForm>
  );
}
