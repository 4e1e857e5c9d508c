'use client';

import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { Card } from '#components/ui/card.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { plural } from '#lib/client/format.ts';
import type { CredentialView } from '#lib/contracts/credentials.ts';
import { CredentialTable } from './credential-table.tsx';
import { byUrgency, isLive } from './credential-words.ts';
import { DaysChart } from './days-chart.tsx';
import { StandingCard } from './standing-card.tsx';

const FOLDERS = [
  { value: 'live', text: 'In use' },
  { value: 'retired', text: 'Retired' },
] as const;

export function CredentialsBody({ items }: { readonly items: readonly CredentialView[] }) {
  const [folder, setFolder] = useState<'live' | 'retired'>('live');
  const live = items.filter(isLive);
  const shown = items.filter((one) => isLive(one) === (folder === 'live')).toSorted(byUrgency);
  return (
    <div className="grid gap-4">
      <Stopped credentials={live} />
      {live.length > 0 && (
        <div className="grid items-stretch gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
          <Card title="Credentials by days left" aside={plural(live.length, 'credential')}>
            <DaysChart credentials={live} />
          </Card>
          <StandingCard credentials={live} />
        </div>
      )}
      {live.length < items.length && (
        <div>
          <Segmented label="Which credentials" value={folder} options={FOLDERS} onChange={setFolder} />
        </div>
      )}
      <Card flush>
        {shown.length === 0 ? (
          <EmptyState icon={<KeyRound aria-hidden="true" />} title="None is in use">
            Every credential was retired. Servers that ask for one refuse the gateway.
          </EmptyState>
        ) : (
          <CredentialTable credentials={shown} />
        )}
      </Card>
    </div>
  );
}

/** The servers that cannot be called for want of a secret, said once at the top. */
function Stopped({ credentials }: { readonly credentials: readonly CredentialView[] }) {
  const ended = credentials.filter((one) => one.status === 'ended');
  const unbound = credentials.filter((one) => !one.bound && one.status !== 'ended');
  const servers = (those: readonly CredentialView[]) => [...new Set(those.map((one) => one.server))].join(', ');
  return (
    <>
      {ended.length > 0 && (
        <Notice tone="danger" title={`${plural(ended.length, 'credential has', 'credentials have')} ended`}>
          Calls to {servers(ended)} are refused until it is retired and another one added.
        </Notice>
      )}
      {unbound.length > 0 && (
        <Notice tone="warning" title={`${plural(unbound.length, 'server is', 'servers are')} no longer what it was`}>
          The address or command of {servers(unbound)} changed. Nothing is sent there until somebody confirms it on the
          credential’s page.
        </Notice>
      )}
    </>
  );
}
