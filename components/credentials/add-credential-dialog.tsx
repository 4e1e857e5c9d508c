'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Dialog, DialogContent } from '#components/ui/dialog.tsx';
import { DialogForm } from '#components/ui/dialog-form.tsx';
import { EndField } from '#components/ui/end-field.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input, Select } from '#components/ui/input.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ReasonField } from '#components/ui/reason-field.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { useCredentials } from '#lib/client/lists/use-credentials.ts';
import { useServers } from '#lib/client/lists/use-servers.ts';
import { serverNow } from '#lib/client/time.ts';
import type { ServerSummary } from '#lib/contracts/server-rows.ts';
import { isMigrationKind, MIGRATION_DAYS } from '#lib/core/credentials/kinds.ts';
import { createOf, type Draft, EMPTY_DRAFT, isMinted, kindsFor, needsSecret, withKind } from './credential-draft.ts';
import { isLive, WHY_AN_END } from './credential-words.ts';
import { KindChoice } from './kind-choice.tsx';
import { KindFields } from './kind-fields.tsx';
import { SecretField } from './secret-field.tsx';
import { lentSecret, refusedSecret, splitProblem } from './secret-problem.ts';
import { useAddCredential } from './use-credentials.ts';

type Props = { readonly open: boolean; readonly onOpenChange: (open: boolean) => void };

/** Adds a credential to one server. A click beside the dialog must not lose what was typed. */
export function AddCredentialDialog({ open, onOpenChange }: Props) {
  const servers = useServers();
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title="Add a credential"
        description="For one server, and for nothing else: not for its redirects, not for another server."
        width="lg"
        onInteractOutside={(event) => event.preventDefault()}
      >
        <Loaded query={servers} skeleton={<Skeleton card className="h-72" />}>
          {({ items }) => <AddForm servers={items.filter((server) => server.transport !== 'external')} />}
        </Loaded>
      </DialogContent>
    </Dialog>
  );
}

function AddForm({ servers }: { readonly servers: readonly ServerSummary[] }) {
  const router = useRouter();
  const add = useAddCredential();
  const credentials = useCredentials();
  // One server holds one credential of a purpose at a time: a second would make it a matter of luck which is sent.
  const kindsOf = (name: string) =>
    (credentials.data?.items ?? []).filter((one) => isLive(one) && one.server === name).map((one) => one.kind);
  const offeredTo = (one: ServerSummary | undefined) => kindsFor(one, one === undefined ? [] : kindsOf(one.name));
  const [draft, setDraft] = useState<Draft>(EMPTY_DRAFT);
  const change = (changes: Partial<Draft>) => {
    if ('secret' in changes || 'kind' in changes) add.reset();
    setDraft((now) => ({ ...now, ...changes }));
  };
  const server = servers.find(({ name }) => name === draft.server);
  const kinds = offeredTo(server);
  const choose = (name: string) => {
    const offered = offeredTo(servers.find((one) => one.name === name));
    const kept = offered.includes(draft.kind) ? draft : withKind(draft, offered[0] ?? draft.kind);
    setDraft({ ...kept, server: name, name: draft.name === '' ? name : draft.name });
  };
  const isCertificate = draft.kind === 'client-certificate';
  const made = createOf(draft, serverNow());
  const { inPlace, below } = splitProblem(add.problem);
  const secret = needsSecret(draft) ? draft.secret : '';
  const refused = refusedSecret(secret);
  const lent = lentSecret(secret);
  const migration = isMigrationKind(draft.kind) || lent !== null;
  const endless = migration && draft.end.kind === 'never' ? 'It must end: choose when.' : null;
  const blocked =
    servers.length === 0
      ? 'Add a server first.'
      : refused !== null
        ? 'Paste the secret of a service instead.'
        : made.ok
          ? endless
          : made.error;
  const send = async () => {
    const now = createOf(draft, serverNow());
    if (!now.ok) return;
    const answer = await add.run(now.value);
    if (answer.ok) router.push(`/credentials/${answer.value.id}`);
  };
  return (
    <DialogForm commit="Add" blocked={blocked} busy={add.busy} problem={below} onSubmit={() => void send()}>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Field label="Server">
          <Select value={draft.server} onChange={(event) => choose(event.target.value)}>
            <option value="" disabled>
              Choose…
            </option>
            {servers.map((one) => {
              const full = offeredTo(one).length === 0;
              return (
                <option key={one.id} value={one.name} disabled={full}>
                  {full ? `${one.name} (has one: rotate it)` : one.name}
                </option>
              );
            })}
          </Select>
        </Field>
        <Field label="Name" hint="To tell it apart; it cannot be changed later.">
          <Input
            value={draft.name}
            onChange={(event) => change({ name: event.target.value })}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={32}
          />
        </Field>
      </div>
      <KindChoice kinds={kinds} value={draft.kind} onChange={(kind) => change(withKind(draft, kind))} />
      <KindFields draft={draft} onChange={change} />
      {needsSecret(draft) ? (
        <SecretField
          label={
            isMinted(draft.kind)
              ? 'Client secret'
              : isCertificate
                ? 'Private key'
                : draft.kind === 'basic'
                  ? 'Password'
                  : 'Secret'
          }
          lines={isCertificate}
          value={draft.secret}
          onChange={(secret) => change({ secret })}
          error={refused ?? inPlace}
        />
      ) : (
        <Notice title="No secret to paste">
          The gateway makes a key and keeps its private half. You register the public half at the authorisation server;
          it shows on the next page, to copy.
        </Notice>
      )}
      {migration && (
        <Notice tone="warning">
          {lent !== null && <p>{lent}</p>}
          <p>{WHY_AN_END}</p>
        </Notice>
      )}
      <div className="grid items-start gap-4 sm:grid-cols-2">
        {!isCertificate && (
          <EndField
            label="Ends"
            value={draft.end}
            onChange={(end) => change({ end })}
            hours={[7, 30, 60, MIGRATION_DAYS].map((days) => days * 24)}
            mayBeEndless={!migration}
            {...(migration ? { maxDays: MIGRATION_DAYS - 1 } : {})}
          />
        )}
        <ReasonField value={draft.reason} onChange={(reason) => change({ reason })} />
      </div>
    </DialogForm>
  );
}
