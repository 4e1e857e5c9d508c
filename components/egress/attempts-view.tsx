'use client';

import { ArrowLeftRight, ShieldCheck } from 'lucide-react';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { AllowAttempt } from './allow-attempt.tsx';
import { AttemptTable } from './attempt-table.tsx';
import { useAttempts } from './use-egress.ts';

type AttemptsViewProps = { readonly verdict: 'allowed' | 'denied'; readonly identity: string | null };

/** Destinations that were refused, or reached, page by page. */
export function AttemptsView({ verdict, identity, bar }: AttemptsViewProps & { readonly bar: string | null }) {
  const query = useAttempts(verdict, identity);
  return (
    <Loaded query={query} skeleton={<Skeleton card className="h-48" />}>
      {({ pages }) => {
        const attempts = pages.flatMap((page) => page.items);
        return (
          <>
            <Card flush>
              {attempts.length === 0 ? (
                <None verdict={verdict} />
              ) : verdict === 'denied' ? (
                <AttemptTable
                  caption="Refused destinations"
                  attempts={attempts}
                  about="reason"
                  action={(attempt) => (attempt.listed ? null : <AllowAttempt attempt={attempt} bar={bar} />)}
                />
              ) : (
                <AttemptTable caption="Reached destinations" attempts={attempts} about="bytes" />
              )}
            </Card>
            {query.hasNextPage && (
              <div className="mt-3 text-center">
                <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  Show more
                </Button>
              </div>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

function None({ verdict }: { readonly verdict: 'allowed' | 'denied' }) {
  return verdict === 'denied' ? (
    <EmptyState icon={<ShieldCheck aria-hidden="true" />} title="Nothing was refused">
      Nobody tried to reach what is not on the list. When somebody does, it stands here within seconds, with a button to
      allow it.
    </EmptyState>
  ) : (
    <EmptyState icon={<ArrowLeftRight aria-hidden="true" />} title="Nothing was reached yet">
      Connections of the gateway, of agents and of stdio servers are counted here, with the bytes that went through.
    </EmptyState>
  );
}
