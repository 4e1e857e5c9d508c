'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { TierMark } from '#components/shell/tier-badge.tsx';
import { Card } from '#components/ui/card.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { fetching, withQuery } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { formatAbsolute, formatClock } from '#lib/client/time.ts';
import { type AuditRow, auditPageSchema } from '#lib/contracts/audit.ts';
import { isTier } from '#lib/core/risk/types.ts';

const SHOWN = 12;

/** The last events as they enter the log. Sentences carry names that attackers choose, so they are shown as text of theirs. */
export function LiveFeed() {
  const query = useQuery({
    queryKey: queryKeys.audit.tail({ limit: SHOWN }),
    queryFn: fetching(withQuery('/api/v1/audit', { limit: SHOWN }), auditPageSchema),
  });
  return (
    <Card
      title="Just now"
      aside={
        <Link href="/audit" className="link target">
          Whole log
        </Link>
      }
      flush
    >
      <Loaded query={query} skeleton={<FeedSkeleton />}>
        {(page) =>
          page.items.length === 0 ? (
            <EmptyState title="Nothing has happened yet" className="py-8">
              Every call and every decision will show here as it is recorded.
            </EmptyState>
          ) : (
            <ol>
              {page.items.map((row) => (
                <FeedRow key={row.seq} row={row} />
              ))}
            </ol>
          )
        }
      </Loaded>
    </Card>
  );
}

function FeedRow({ row }: { readonly row: AuditRow }) {
  return (
    <li className="border-b last:border-b-0">
      <Link
        href={`/audit?entry=${row.seq}`}
        className="grid grid-cols-[3.75rem_1.25rem_minmax(0,1fr)] items-start gap-x-2 px-3.5 py-1.5 hover:bg-sunken focus-visible:-outline-offset-2"
      >
        <time
          dateTime={row.at}
          title={formatAbsolute(row.at)}
          className="tabular text-ink-3 text-xs leading-[1.1875rem]"
        >
          {formatClock(row.at)}
        </time>
        <span>{row.tier !== null && isTier(row.tier) && <TierMark tier={row.tier} />}</span>
        <SafeText text={row.sentence} className="line-clamp-2 text-ink-2" />
      </Link>
    </li>
  );
}

function FeedSkeleton() {
  return (
    <div className="grid gap-3 p-3.5">
      {['w-4/5', 'w-3/5', 'w-5/6', 'w-2/3', 'w-4/5', 'w-1/2'].map((width, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a fixed list that never changes
        <Skeleton key={i} className={`h-3.5 ${width}`} />
      ))}
    </div>
  );
}
