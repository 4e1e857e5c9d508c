'use client';

import { FileBadge, KeyRound, LockOpen } from 'lucide-react';
import { AgeRing, AgeWords } from '#components/ui/age-ring.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { When } from '#components/ui/when.tsx';
import type { EgressEntry } from '#lib/contracts/egress.ts';
import { addressOf, identityWords } from './entry-words.ts';
import { RemoveEntry } from './remove-entry.tsx';
import { RenewEntry } from './renew-entry.tsx';

/** Entries are short by nature: a week is when somebody should look, a day when it is nearly over. */
const WEEK = { soonDays: 7, lastDays: 1 };

/** What may be reached, by whom, until when, and who answers for it. */
export function EntryTable({
  entries,
  bar,
}: {
  readonly entries: readonly EgressEntry[];
  readonly bar: string | null;
}) {
  const sorted = entries.toSorted((a, b) => a.host.localeCompare(b.host) || a.port - b.port);
  return (
    <Table caption="Allowed destinations" reflow>
      <thead>
        <tr>
          <Th>Destination</Th>
          <Th>For whom</Th>
          <Th>Why</Th>
          <Th>Ends</Th>
          <Th>
            <span className="sr-only">Renew or revoke</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {sorted.map((entry) => (
          <Tr key={entry.id}>
            <Td className="sm:min-w-56">
              <code className="font-medium text-xs [overflow-wrap:anywhere]">{addressOf(entry)}</code>
              <Marks entry={entry} />
            </Td>
            <Td className="whitespace-nowrap text-ink-2">{identityWords(entry.identity)}</Td>
            <Td className="text-ink-2 max-sm:basis-full sm:min-w-40">
              <span className="[overflow-wrap:anywhere]">{entry.reason}</span>
              <span className="block text-ink-3 text-xs">
                {entry.owner ?? 'configuration'}, since <When at={entry.createdAt} />
              </span>
            </Td>
            <Td>
              <span className="flex items-center gap-2.5">
                <AgeRing since={entry.createdAt} endsAt={entry.expires} warning={WEEK} />
                <AgeWords since={entry.createdAt} endsAt={entry.expires} warning={WEEK} />
              </span>
            </Td>
            <Td className="max-sm:ml-auto">
              <span className="flex justify-end gap-1.5">
                <RenewEntry entry={entry} bar={bar} />
                <RemoveEntry entry={entry} bar={bar} />
              </span>
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

function Marks({ entry }: { readonly entry: EgressEntry }) {
  const { scheme, cidr, tlsPin, clientCertificate } = entry;
  if (scheme === 'https' && cidr === null && tlsPin === null && clientCertificate === null) return null;
  return (
    <span className="mt-1 flex flex-wrap items-center gap-1 text-ink-3 text-xs">
      {scheme === 'http' && <Badge icon={<LockOpen aria-hidden="true" />}>not encrypted</Badge>}
      {tlsPin !== null && (
        <Badge tone="good" icon={<KeyRound aria-hidden="true" />}>
          key pinned
        </Badge>
      )}
      {clientCertificate !== null && (
        <Badge tone="good" icon={<FileBadge aria-hidden="true" />}>
          our certificate
        </Badge>
      )}
      {cidr !== null && (
        <span>
          held to <code>{cidr}</code>
        </span>
      )}
    </span>
  );
}
