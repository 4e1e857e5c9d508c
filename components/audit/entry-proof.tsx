'use client';

import { useQuery } from '@tanstack/react-query';
import { Notice } from '#components/ui/notice.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { formatCount } from '#lib/client/format.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import type { AuditRow } from '#lib/contracts/audit.ts';
import { checkEntry } from './check-entry.ts';

const AGAIN_MS = 2000;

/** Whether this browser could prove the entry; checked here, not told by the server. */
export function EntryProof({ row }: { readonly row: AuditRow }) {
  const query = useQuery({
    queryKey: queryKeys.audit.entryCheck(row.seq),
    queryFn: () => checkEntry(row),
    staleTime: 60_000,
    refetchInterval: (current) => (current.state.data?.kind === 'not-yet' ? AGAIN_MS : false),
  });
  const check = query.data;
  if (check === undefined) return <Skeleton card className="h-12" />;
  switch (check.kind) {
    case 'included':
      return (
        <Notice tone="good" title="In the signed log">
          <p>{`Checked in this browser against the signed tree of ${formatCount(check.size)} entries.`}</p>
        </Notice>
      );
    case 'not-yet':
      return (
        <Notice title="Not under a signed checkpoint yet">
          <p>The next checkpoint covers it; this is checked again by itself.</p>
        </Notice>
      );
    case 'broken':
      return (
        <Notice tone="danger" role="alert" title="This entry does not verify">
          <p>{check.reason} Somebody changed the record. Export the log and tell security.</p>
        </Notice>
      );
    case 'cannot-check':
      return (
        <Notice tone="warning" title="Could not be checked here">
          <p>{check.reason}</p>
        </Notice>
      );
  }
}
