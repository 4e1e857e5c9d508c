'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Card } from '#components/ui/card.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { When } from '#components/ui/when.tsx';
import { fetching, withQuery } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { type AuditRow, auditPageSchema } from '#lib/contracts/audit.ts';
import type { CredentialView } from '#lib/contracts/credentials.ts';

const SHOWN = 50;

/** What the log knows of a server's credentials, newest first. */
function useHistory(credential: CredentialView) {
  return useQuery({
    queryKey: queryKeys.credentials.history(credential.id),
    queryFn: fetching(
      withQuery('/api/v1/audit', { type: 'credential.', server: credential.server, limit: SHOWN }),
      auditPageSchema,
    ),
  });
}

/** Who did what with it. */
export function HistoryCard({ credential }: { readonly credential: CredentialView }) {
  const query = useHistory(credential);
  return (
    <Card
      title={`History of ${credential.server}\u2019s credentials`}
      aside={
        <Link href={`/audit?type=credential.&server=${credential.server}`} className="link">
          In the log
        </Link>
      }
      flush
    >
      <Loaded query={query} skeleton={<Skeleton className="m-3.5 h-24" />}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="Nothing is recorded yet" className="py-8">
              Adding, rotating and retiring it stand here once the log has taken them.
            </EmptyState>
          ) : (
            <ol>
              {items.map((row) => (
                <HistoryRow key={row.seq} row={row} />
              ))}
            </ol>
          )
        }
      </Loaded>
    </Card>
  );
}

function HistoryRow({ row }: { readonly row: AuditRow }) {
  return (
    <li className="border-b last:border-b-0">
      <Link
        href={`/audit?entry=${row.seq}`}
        className="flex flex-wrap gap-x-3 px-3.5 py-1.5 hover:bg-sunken focus-visible:-outline-offset-2"
      >
        <SafeText text={row.sentence} className="min-w-0 flex-1 basis-64 text-ink-2" />
        <When at={row.at} className="whitespace-nowrap text-ink-3 text-xs leading-[1.1875rem]" />
      </Link>
    </li>
  );
}
