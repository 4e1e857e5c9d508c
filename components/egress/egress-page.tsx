'use client';

import { Cable, Plus } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Page } from '#components/ui/page.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { When } from '#components/ui/when.tsx';
import { useEgress } from '#lib/client/use-lists.ts';
import { useRoleBar } from '#lib/client/use-me.ts';
import { useNow } from '#lib/client/use-now.ts';
import type { EgressEntry } from '#lib/contracts/servers.ts';
import { AddEntryDialog } from './add-entry-dialog.tsx';
import { addressOf } from './address-of.ts';
import { RemoveEntry } from './remove-entry.tsx';

/** The allowlist: the only destinations the gateway will connect to. */
export function EgressPage() {
  const query = useEgress();
  const bar = useRoleBar('admin');
  const [adding, setAdding] = useState(false);
  const add = (
    <Button variant="primary" disabledReason={bar} onClick={() => setAdding(true)}>
      <Plus aria-hidden="true" className="size-4" />
      Allow a destination
    </Button>
  );
  return (
    <Page
      title="Egress"
      intro="The gateway connects to these destinations and to nothing else. Every connection is checked against the address it resolves to; redirects are not followed."
      actions={add}
    >
      <Loaded query={query} skeleton={<Skeleton className="h-48 rounded-lg" />}>
        {(page) => (
          <Card flush>
            {page.items.length === 0 ? (
              <EmptyState icon={<Cable aria-hidden="true" />} title="Nothing is allowed" action={add}>
                No server can be reached over the network. Adding a server shows the entry it needs and adds it on
                confirmation.
              </EmptyState>
            ) : (
              <EntryTable entries={page.items} bar={bar} />
            )}
          </Card>
        )}
      </Loaded>
      <p className="mt-3 text-ink-3 text-xs">
        What was refused is in the log:{' '}
        <Link href="/audit?type=egress.denied" className="link">
          blocked connections
        </Link>
      </p>
      <AddEntryDialog open={adding} onOpenChange={setAdding} />
    </Page>
  );
}

function EntryTable({ entries, bar }: { readonly entries: readonly EgressEntry[]; readonly bar: string | null }) {
  const sorted = entries.toSorted((a, b) => a.host.localeCompare(b.host) || a.port - b.port);
  return (
    <Table caption="Allowed destinations" reflow>
      <thead>
        <tr>
          <Th>Destination</Th>
          <Th>Why</Th>
          <Th>Since</Th>
          <Th>Ends</Th>
          <Th>
            <span className="sr-only">Remove</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {sorted.map((entry) => (
          <Tr key={entry.id}>
            <Td className="sm:min-w-48">
              <code className="font-medium text-xs [overflow-wrap:anywhere]">{addressOf(entry)}</code>
              {entry.cidr !== null && (
                <span className="mt-0.5 block text-ink-3 text-xs">
                  private address, held to <code>{entry.cidr}</code>
                </span>
              )}
            </Td>
            <Td className="text-ink-2 max-sm:basis-full sm:min-w-36">{entry.reason}</Td>
            <Td className="whitespace-nowrap text-ink-2">
              <When at={entry.createdAt} />
              <span className="text-ink-3 text-xs max-sm:ml-1.5 sm:block">{entry.createdBy ?? 'configuration'}</span>
            </Td>
            <Td className="whitespace-nowrap">
              <span className="text-ink-3 sm:hidden">ends </span>
              <EntryEnd expires={entry.expires} />
            </Td>
            <Td className="text-right max-sm:ml-auto">
              <RemoveEntry entry={entry} bar={bar} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

const SOON_MS = 7 * 86_400_000;

function EntryEnd({ expires }: { readonly expires: string | null }) {
  const now = useNow();
  if (expires === null) return <span className="text-ink-3">never</span>;
  const left = Date.parse(expires) - now;
  if (left <= 0) return <Badge>Ended</Badge>;
  return left < SOON_MS ? (
    <Badge tone="warning">
      <When at={expires} />
    </Badge>
  ) : (
    <When at={expires} />
  );
}
