'use client';

import type { ReactNode } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { When } from '#components/ui/when.tsx';
import { formatBytes, formatCount } from '#lib/client/format.ts';
import type { EgressAttempt } from '#lib/contracts/egress-attempts.ts';
import { identityWords } from './entry-words.ts';

type AttemptTableProps = {
  readonly caption: string;
  readonly attempts: readonly EgressAttempt[];
  /** What stands in the column beside the count: why it was refused, or what went through. */
  readonly about: 'reason' | 'bytes';
  /** What can be done with one; absent = nothing. */
  readonly action?: (attempt: EgressAttempt) => ReactNode;
};

/** Where somebody went or wanted to. Hosts were chosen by whoever asked for them. */
export function AttemptTable({ caption, attempts, about, action }: AttemptTableProps) {
  return (
    <Table caption={caption} reflow>
      <thead>
        <tr>
          <Th>Destination</Th>
          <Th>By whom</Th>
          <Th className="text-right">Times</Th>
          <Th>{about === 'reason' ? 'Why not' : 'Sent and received'}</Th>
          <Th>Last</Th>
          {action !== undefined && (
            <Th>
              <span className="sr-only">Do</span>
            </Th>
          )}
        </tr>
      </thead>
      <tbody>
        {attempts.map((attempt) => (
          <Tr key={attempt.id}>
            <Td className="sm:min-w-48">
              <SafeText text={placeOf(attempt)} className="font-medium font-mono text-xs" />
            </Td>
            <Td className="whitespace-nowrap text-ink-2">{identityWords(attempt.identity)}</Td>
            <Td className="tabular text-right">
              {formatCount(attempt.count)}
              <span className="text-ink-3 sm:hidden"> times</span>
            </Td>
            <Td className="text-ink-2 max-sm:basis-full sm:min-w-40">
              {about === 'reason' ? (
                <SafeText text={attempt.reason ?? 'not on the list'} />
              ) : (
                <span className="tabular whitespace-nowrap">
                  {`${formatBytes(attempt.bytesOut)} out, ${formatBytes(attempt.bytesIn)} in`}
                </span>
              )}
              {about === 'reason' && attempt.listed && (
                <>
                  {' '}
                  <Badge tone="good">on the list now</Badge>
                </>
              )}
            </Td>
            <Td className="whitespace-nowrap text-ink-2">
              <When at={attempt.lastSeen} />
              <span className="text-ink-3 text-xs max-sm:ml-1.5 sm:block">
                first <When at={attempt.firstSeen} />
              </span>
            </Td>
            {action !== undefined && <Td className="text-right max-sm:ml-auto">{action(attempt)}</Td>}
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

/** A destination as it was asked for; what could not be read as one is named as such. */
function placeOf({ scheme, host, port }: EgressAttempt): string {
  return host === '' ? 'an address that cannot be read' : `${scheme}://${host}:${port}`;
}
