'use client';

import Link from 'next/link';
import { Badge } from '#components/ui/badge.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { When } from '#components/ui/when.tsx';
import { plural } from '#lib/client/format.ts';
import type { PolicySummary } from '#lib/contracts/policies.ts';
import { PolicyStatus } from './policy-status.tsx';

/** Every version: who wrote it, what became of it, when. */
export function VersionList({ versions }: { readonly versions: readonly PolicySummary[] }) {
  return (
    <Table caption="Versions of the policy" reflow>
      <thead>
        <tr>
          <Th>Version</Th>
          <Th>Status</Th>
          <Th>Rules</Th>
          <Th>Written by</Th>
          <Th>When</Th>
        </tr>
      </thead>
      <tbody>
        {versions.map((one) => (
          <Tr key={one.version}>
            <Td>
              <Link href={`/policies/${one.version}`} className="link target font-semibold">
                {`Version ${one.version}`}
              </Link>
              {one.note !== '' && <span className="block text-ink-2 [overflow-wrap:anywhere]">{one.note}</span>}
            </Td>
            <Td>
              <span className="flex flex-wrap gap-1.5">
                <PolicyStatus version={one} />
                {one.loosens && <Badge tone="danger">Loosens</Badge>}
              </span>
            </Td>
            <Td className="whitespace-nowrap text-ink-2">{plural(one.rules, 'rule')}</Td>
            <Td className="text-ink-2">
              {one.createdBy}
              {one.approvedBy !== null && <span className="block text-ink-3 text-xs">with {one.approvedBy}</span>}
            </Td>
            <Td className="whitespace-nowrap text-ink-2">
              <When at={one.publishedAt ?? one.proposedAt ?? one.createdAt} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
