'use client';

import Link from 'next/link';
import { buttonClasses } from '#components/ui/button-classes.ts';
import { Card } from '#components/ui/card.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { When } from '#components/ui/when.tsx';
import { plural } from '#lib/client/format.ts';
import { usePolicy } from '#lib/client/use-policies.ts';
import type { PolicySummary } from '#lib/contracts/policies.ts';
import { ApproveForm } from './approve-form.tsx';

/** A loosening that waits for its second person, where that person looks first. */
export function ProposalCard({ proposal }: { readonly proposal: PolicySummary }) {
  const query = usePolicy(proposal.version);
  return (
    <Card title="Waits for a second person" className="border-medium-line">
      <div className="grid gap-3">
        <p className="[overflow-wrap:anywhere]">
          <span className="font-semibold">{`Version ${proposal.version}`}</span>
          {proposal.note !== '' && `: ${proposal.note}`}
          <span className="block text-ink-2">
            {`Proposed by ${proposal.createdBy} `}
            <When at={proposal.proposedAt ?? proposal.createdAt} />. It loosens what is in force, so one person is not
            enough.
          </span>
        </p>
        <Loaded query={query} skeleton={<Skeleton className="h-16" />}>
          {(policy) => (
            <>
              {policy.comparison !== null && (
                <p className="text-ink-2">
                  {`${plural(policy.comparison.looser.length, 'kind of call', 'kinds of calls')} would be freer, ${plural(policy.comparison.stricter.length, 'kind', 'kinds')} stricter. `}
                  {policy.comparison.looser[0]?.sentence}
                </p>
              )}
              <div className="flex flex-wrap items-end gap-2.5">
                <Link href={`/policies/${policy.version}`} className={buttonClasses()}>
                  Read what changes
                </Link>
                <ApproveForm policy={policy} />
              </div>
            </>
          )}
        </Loaded>
      </div>
    </Card>
  );
}
