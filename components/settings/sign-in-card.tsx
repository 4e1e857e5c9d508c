'use client';

import { useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { Fact, Facts } from '#components/ui/facts.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import type { SsoSettings } from '#lib/contracts/sso.ts';
import { useSso } from './use-sso.ts';

const switchPasswordsDialog = arriving(
  () => import('./switch-passwords-dialog.tsx').then((file) => file.SwitchPasswordsDialog),
  'at-rest',
);
const editProviderDialog = arriving(
  () => import('./edit-provider-dialog.tsx').then((file) => file.EditProviderDialog),
  'at-rest',
);
const editMappingsDialog = arriving(
  () => import('./edit-mappings-dialog.tsx').then((file) => file.EditMappingsDialog),
  'at-rest',
);
type Editing = 'provider' | 'mappings' | 'passwords' | null;

/** How people sign in: for admins, because it decides who gets in. */
export function SignInCard() {
  const query = useSso();
  const [editing, setEditing] = useState<Editing>(null);
  const SwitchPasswordsDialog = useArrived(switchPasswordsDialog, editing === 'passwords');
  const EditProviderDialog = useArrived(editProviderDialog, editing === 'provider');
  const EditMappingsDialog = useArrived(editMappingsDialog, editing === 'mappings');
  const close = () => setEditing(null);
  return (
    <Card title="How people sign in">
      <Loaded query={query} skeleton={<Skeleton className="h-40" />}>
        {(sso) => (
          <div className="grid gap-4">
            <Provider sso={sso} onEdit={() => setEditing('provider')} />
            <Mappings sso={sso} onEdit={() => setEditing('mappings')} />
            <Passwords sso={sso} onEdit={() => setEditing('passwords')} />
            {EditProviderDialog !== null && (
              <EditProviderDialog sso={sso} open={editing === 'provider'} onClose={close} />
            )}
            {EditMappingsDialog !== null && (
              <EditMappingsDialog sso={sso} open={editing === 'mappings'} onClose={close} />
            )}
            {SwitchPasswordsDialog !== null && (
              <SwitchPasswordsDialog sso={sso} open={editing === 'passwords'} onClose={close} />
            )}
          </div>
        )}
      </Loaded>
    </Card>
  );
}

type PartProps = { readonly sso: SsoSettings; readonly onEdit: () => void };

function Provider({ sso, onEdit }: PartProps) {
  const fromHost = sso.source === 'host';
  return (
    <section aria-label="Sign-in provider" className="grid gap-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="flex flex-wrap items-center gap-2 font-medium">
          Sign-in provider <Badge tone={sso.enabled ? 'good' : 'plain'}>{sso.enabled ? 'on' : 'none'}</Badge>
        </h3>
        <Button
          size="sm"
          disabledReason={fromHost ? 'The host’s OIDC_ variables name the provider.' : null}
          onClick={onEdit}
        >
          {sso.enabled ? 'Change…' : 'Set up…'}
        </Button>
      </div>
      {sso.enabled && (
        <Facts>
          <Fact name="Named">{sso.name}</Fact>
          <Fact name="Issuer">
            <code className="text-xs [overflow-wrap:anywhere]">{sso.issuer}</code>
          </Fact>
          <Fact name="Client">
            <code className="text-xs [overflow-wrap:anywhere]">{sso.clientId}</code>
          </Fact>
          <Fact name="Client secret">
            {sso.hasSecret ? 'kept, and never shown' : 'none: a public client with PKCE'}
          </Fact>
          <Fact name="Set by">{fromHost ? 'the host (OIDC_ variables)' : 'these settings'}</Fact>
        </Facts>
      )}
      <p className="text-ink-3 text-xs">Register this redirect address at the provider, exactly:</p>
      <div className="flex items-center gap-1 rounded-md border bg-sunken py-1 pr-1 pl-2.5">
        <code className="block min-w-0 flex-1 select-all py-1 text-xs [overflow-wrap:anywhere]">{sso.redirectUri}</code>
        <CopyButton text={sso.redirectUri} label="Copy the redirect address" />
      </div>
    </section>
  );
}

function Mappings({ sso, onEdit }: PartProps) {
  return (
    <section aria-label="Groups at the provider" className="grid gap-2 border-t pt-4">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="font-medium">What groups at the provider give</h3>
        <Button size="sm" onClick={onEdit}>
          Edit…
        </Button>
      </div>
      {sso.mappings.length === 0 ? (
        <p className="text-ink-2">Nothing: roles are given here, by hand.</p>
      ) : (
        <div className="overflow-clip rounded-md border">
          <Table caption="What each group gives">
            <thead>
              <tr>
                <Th>Group there</Th>
                <Th>Roles</Th>
                <Th>Groups here</Th>
              </tr>
            </thead>
            <tbody>
              {sso.mappings.map((one) => (
                <Tr key={one.claim}>
                  <Td className="[overflow-wrap:anywhere]">
                    <SafeText text={one.claim} />
                  </Td>
                  <Td>{one.roles.join(', ') || '–'}</Td>
                  <Td className="[overflow-wrap:anywhere]">{one.groups.join(', ') || '–'}</Td>
                </Tr>
              ))}
            </tbody>
          </Table>
        </div>
      )}
      <p className="text-ink-3 text-xs">
        Read from the claim <code>{sso.groupsClaim}</code> at every sign-in; gone there, gone here.{' '}
        {sso.autoCreate
          ? 'Whoever gets a role from a group has an account without an invitation.'
          : 'Only invited people get in.'}
      </p>
    </section>
  );
}

function Passwords({ sso, onEdit }: PartProps) {
  const isOn = sso.passwords === 'on';
  return (
    <section aria-label="Passwords" className="grid gap-2 border-t pt-4">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="flex flex-wrap items-center gap-2 font-medium">
          Passwords <Badge tone={isOn ? 'plain' : 'good'}>{isOn ? 'on' : 'off'}</Badge>
        </h3>
        <Button size="sm" disabledReason={isOn ? sso.passwordsBar : null} onClick={onEdit}>
          {isOn ? 'Switch off…' : 'Switch on…'}
        </Button>
      </div>
      <p className="text-ink-3 text-xs">
        {isOn
          ? 'Once everybody comes through the provider or with a passkey, switch them off.'
          : 'If nobody can sign in any more: people reset on the host switches them on again.'}
      </p>
    </section>
  );
}
