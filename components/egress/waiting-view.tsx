'use client';

import { Hourglass } from 'lucide-react';
import Link from 'next/link';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { useInbox } from '#components/shell/pending.ts';
import { buttonClasses } from '#components/ui/button-classes.ts';
import { Card } from '#components/ui/card.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { TimeLeft } from '#components/ui/time-left.tsx';
import type { ApprovalSummary } from '#lib/contracts/approval-rows.ts';

/** The reserved server name under which the egress proxy asks. */
const EGRESS_SERVER = 'egress';

/** Connections that wait for a person now. */
export function useWaiting(): readonly ApprovalSummary[] {
  return useInbox('pending').rows.filter((row) => row.server === EGRESS_SERVER);
}

/** First-seen hosts that somebody asked for and that wait; they are decided where every call is. */
export function WaitingView() {
  const { query } = useInbox('pending');
  const waiting = useWaiting();
  return (
    <Loaded query={query} skeleton={<Skeleton card className="h-40" />}>
      {() => (
        <Card flush>
          {waiting.length === 0 ? (
            <EmptyState icon={<Hourglass aria-hidden="true" />} title="No host waits">
              Where an agent or stdio server is set to ask, its first connection to a host that nobody listed waits here
              for a person. Set it under “First seen”.
            </EmptyState>
          ) : (
            <ul>
              {waiting.map((row) => (
                <WaitingRow key={row.id} row={row} />
              ))}
            </ul>
          )}
        </Card>
      )}
    </Loaded>
  );
}

function WaitingRow({ row }: { readonly row: ApprovalSummary }) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b px-3.5 py-2.5 last:border-b-0">
      <span className="min-w-0 flex-1 basis-64">
        <SafeText text={row.argsPreview} className="block truncate font-medium font-mono text-xs" />
        <span className="text-ink-3 text-xs">
          asked by <SafeText text={row.agent} />, {row.quorum.approved} of {row.quorum.needed} agreed
        </span>
      </span>
      <span className="flex gap-1.5 text-ink-2">
        <TimeLeft expiresAt={row.expiresAt} /> left
      </span>
      <Link href={`/approvals/${row.id}`} className={buttonClasses('plain', 'sm')}>
        Decide
      </Link>
    </li>
  );
}
