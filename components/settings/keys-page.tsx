'use client';

import type { ReactNode } from 'react';
import { Badge } from '#components/ui/badge.tsx';
import { Card } from '#components/ui/card.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { Fact, Facts } from '#components/ui/facts.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { When } from '#components/ui/when.tsx';
import { plural } from '#lib/client/format.ts';
import type { InstallationKeys } from '#lib/contracts/settings.ts';
import { useInstallationKeys } from './use-settings-parts.ts';

/** The installation's keys with their ages. Nothing on this page is a secret. */
export function KeysPage() {
  const query = useInstallationKeys();
  return (
    <Loaded query={query} skeleton={<Skeleton card className="h-96" />}>
      {(keys) => (
        <div className="grid gap-4">
          <LogKey log={keys.log} />
          <SigningKeys signing={keys.signing} />
          <MasterKey master={keys.master} />
        </div>
      )}
    </Loaded>
  );
}

function LogKey({ log }: { readonly log: InstallationKeys['log'] }) {
  return (
    <Card title="Log key" aside="signs every checkpoint of the log">
      <div className="grid gap-3">
        <p className="text-ink-2">
          Keep this key somewhere that nobody who runs this server can change. With it, an export verifies offline:{' '}
          <code className="text-xs [overflow-wrap:anywhere]">npx countersign verify export.ndjson --key log.pub</code>
        </p>
        <Copyable text={log.vkey} label="Copy the log key" />
        <Facts>
          <Fact name="First signed">{log.firstSignedAt === null ? 'not yet' : <When at={log.firstSignedAt} />}</Fact>
          <Fact name="Last signed">{log.lastSignedAt === null ? 'not yet' : <When at={log.lastSignedAt} />}</Fact>
          <Fact name="Rotation">never by itself: a log has one signer, and another key is another log</Fact>
        </Facts>
      </div>
    </Card>
  );
}

const STATES = {
  next: { word: 'Next', tone: 'accent' },
  signing: { word: 'Signs now', tone: 'good' },
  believed: { word: 'Still believed', tone: 'plain' },
} as const;

function SigningKeys({ signing }: { readonly signing: InstallationKeys['signing'] }) {
  return (
    <Card title="Token-signing keys" aside={`each signs for ${signing.signsForDays} days`} flush>
      {signing.items.length === 0 ? (
        <p className="px-3.5 py-3 text-ink-2">The first one is published when the worker starts.</p>
      ) : (
        <Table caption="Token-signing keys" reflow>
          <thead>
            <tr>
              <Th>Key</Th>
              <Th>State</Th>
              <Th>Signs from</Th>
              <Th>Believed until</Th>
            </tr>
          </thead>
          <tbody>
            {signing.items.map((key) => (
              <Tr key={key.kid}>
                <Td>
                  <code className="text-xs [overflow-wrap:anywhere]">{key.kid}</code>
                </Td>
                <Td>
                  <Badge tone={STATES[key.state].tone}>{STATES[key.state].word}</Badge>
                </Td>
                <Td className="whitespace-nowrap text-ink-2">
                  <When at={key.signsFrom} />
                </Td>
                <Td className="whitespace-nowrap text-ink-2">
                  {key.retiresAt === null ? 'its successor takes over' : <When at={key.retiresAt} />}
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
      <p className="border-t px-3.5 py-2.5 text-ink-3 text-xs">
        {signing.nextRotationAt !== null && (
          <>
            Next rotation <When at={signing.nextRotationAt} />, by itself; the next key is published a day ahead.{' '}
          </>
        )}
        Agents’ tokens and receipts are signed with them; verifiers read the public halves at{' '}
        <code>/.well-known/jwks.json</code> of the gateway.
      </p>
    </Card>
  );
}

function MasterKey({ master }: { readonly master: InstallationKeys['master'] }) {
  const missing = master.secrets - master.wrapped;
  return (
    <Card title="Master key" aside="wraps the keys of every stored secret">
      <div className="grid gap-3">
        <Copyable text={master.fingerprint} label="Copy the fingerprint of the master key" />
        <Facts>
          <Fact name="Secrets under it">
            {master.secrets === 0 ? 'none stored yet' : `${master.wrapped} of ${plural(master.secrets, 'secret')}`}
          </Fact>
          <Fact name="Other master keys">{master.others.length === 0 ? 'none' : master.others.length}</Fact>
        </Facts>
        {missing > 0 && (
          <Notice tone="danger" title={`${plural(missing, 'secret')} cannot be opened with this key`}>
            <p>
              Run <code>countersign credentials rewrap</code> again with the master key that they were stored under.
            </p>
          </Notice>
        )}
        {missing <= 0 && master.others.length > 0 && (
          <Notice tone="warning" title="A re-wrap is not finished">
            <p>
              Everything opens with the key in use. The wraps under{' '}
              {master.others.map((other) => (
                <code key={other.fingerprint} className="text-xs">
                  {other.fingerprint}{' '}
                </code>
              ))}
              go with <code>countersign credentials rewrap --finish</code>.
            </p>
          </Notice>
        )}
        <p className="text-ink-3 text-xs">
          What you see is a fingerprint. The key itself lies in a file on the host and is changed there, with{' '}
          <code>countersign credentials rewrap</code>, while everything runs.
        </p>
      </div>
    </Card>
  );
}

function Copyable({ text, label }: { readonly text: string; readonly label: string }): ReactNode {
  return (
    <div className="flex items-center gap-1 rounded-md border bg-sunken py-1 pr-1 pl-2.5">
      <code className="block min-w-0 flex-1 select-all py-1 text-xs [overflow-wrap:anywhere]">{text}</code>
      <CopyButton text={text} label={label} />
    </div>
  );
}
