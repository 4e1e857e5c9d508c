'use client';

import { Badge, type BadgeTone } from '#components/ui/badge.tsx';
import { Card } from '#components/ui/card.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { TimeLeft } from '#components/ui/time-left.tsx';
import { When } from '#components/ui/when.tsx';
import { plural } from '#lib/client/format.ts';
import type { CredentialView } from '#lib/contracts/credentials.ts';
import type { SecretState } from '#lib/core/credentials/kinds.ts';

const STATES: Readonly<
  Record<SecretState, { readonly word: string; readonly tone: BadgeTone; readonly says: string }>
> = {
  next: { word: 'Waits', tone: 'accent', says: 'made, and not yet taken into use' },
  current: { word: 'Current', tone: 'good', says: 'sent with every call' },
  previous: { word: 'Overlap', tone: 'warning', says: 'for calls that were under way' },
  retired: { word: 'Erased', tone: 'plain', says: 'nothing can be sent with it' },
};

/** Every secret it had, and what became of it. Not one of them can be read. */
export function VersionsCard({ credential }: { readonly credential: CredentialView }) {
  const versions = credential.versions.toSorted((a, b) => b.version - a.version);
  return (
    <Card title="Versions" aside={plural(versions.length, 'version')} flush>
      <Table caption="Versions" reflow>
        <thead>
          <tr>
            <Th>Version</Th>
            <Th>State</Th>
            <Th>Since</Th>
            <Th>Until</Th>
          </tr>
        </thead>
        <tbody>
          {versions.map(({ version, state, createdAt, notAfter }) => (
            <Tr key={version}>
              <Td className="tabular font-medium">
                <span className="sm:hidden">Version </span>
                {version}
              </Td>
              <Td>
                <Badge tone={STATES[state].tone}>{STATES[state].word}</Badge>{' '}
                <span className="text-ink-3 text-xs">{STATES[state].says}</span>
              </Td>
              <Td className="whitespace-nowrap text-ink-2">
                <When at={createdAt} />
              </Td>
              <Td className="whitespace-nowrap text-ink-2">
                {state === 'previous' && notAfter !== null ? (
                  <>
                    <TimeLeft expiresAt={notAfter} /> left
                  </>
                ) : notAfter === null ? (
                  <span className="text-ink-3 max-sm:hidden">–</span>
                ) : (
                  <When at={notAfter} />
                )}
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}
