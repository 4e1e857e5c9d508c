'use client';

import { Scale } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Button } from '#components/ui/button.tsx';
import { buttonClasses } from '#components/ui/button-classes.ts';
import { Card } from '#components/ui/card.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Page } from '#components/ui/page.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { When } from '#components/ui/when.tsx';
import { useRoleBar } from '#lib/client/use-me.ts';
import { usePolicies, usePolicy } from '#lib/client/use-policies.ts';
import type { PolicySummary } from '#lib/contracts/policies.ts';
import { useObserved } from './use-policies.ts';

const versionList = arriving(() => import('./version-list.tsx').then((file) => file.VersionList), 'at-once');

const proposalCard = arriving(() => import('./proposal-card.tsx').then((file) => file.ProposalCard), 'at-once');

const ruleGroups = arriving(() => import('./rule-groups.tsx').then((file) => file.RuleGroups), 'at-once');

/** What happens to a call, as sentences: the rules in force, what each tier does by itself, and how it came to be so. */
export function PoliciesPage({ defaults }: { readonly defaults: ReactNode }) {
  const ProposalCard = useArrived(proposalCard);
  const VersionList = useArrived(versionList);
  const query = usePolicies();
  const bar = useRoleBar('admin');
  const inForce = query.data?.inForce ?? 0;
  return (
    <Page
      title="Policies"
      intro="Deny beats hold, hold beats allow. Every rule that matches counts, and the strictest decides."
      actions={
        bar === null && query.data !== undefined ? (
          <Link href={`/policies/edit?base=${inForce}`} className={buttonClasses('primary')}>
            Change the rules
          </Link>
        ) : (
          <Button variant="primary" disabledReason={bar ?? 'Loading what is in force.'}>
            Change the rules
          </Button>
        )
      }
    >
      <div className="grid gap-4">
        <Loaded
          query={query}
          skeleton={<Skeleton card className="h-80" />}
          arrived={ProposalCard !== null && VersionList !== null}
        >
          {(page) => (
            <>
              {page.items
                .filter((one) => one.status === 'proposed')
                .map((one) => ProposalCard !== null && <ProposalCard key={one.version} proposal={one} />)}
              <InForce summary={page.items.find((one) => one.inForce)} version={page.inForce} />
              {defaults}
              {page.items.length > 0 && (
                <Card title="Versions" flush>
                  {VersionList !== null && <VersionList versions={page.items} />}
                </Card>
              )}
            </>
          )}
        </Loaded>
      </div>
    </Page>
  );
}

function InForce({ summary, version }: { readonly summary: PolicySummary | undefined; readonly version: number }) {
  if (version === 0) {
    return (
      <Card title="Rules in force" flush>
        <EmptyState icon={<Scale aria-hidden="true" />} title="No rule is published" className="py-8">
          Only the tiers decide. Write the first rule here, or in <code>countersign.yaml</code> under{' '}
          <code>policies</code>.
        </EmptyState>
      </Card>
    );
  }
  return <RulesInForce summary={summary} version={version} />;
}

function RulesInForce({ summary, version }: { readonly summary: PolicySummary | undefined; readonly version: number }) {
  const query = usePolicy(version);
  const observed = useObserved();
  const RuleGroups = useArrived(ruleGroups);
  const counts = new Map(observed.data?.items.map((item) => [item.scope.replace(/^rule:/, ''), item]));
  const at = summary?.publishedAt ?? query.data?.publishedAt;
  return (
    <Card
      title="Rules in force"
      flush
      aside={
        <>
          <Link href={`/policies/${version}`} className="link target">{`Version ${version}`}</Link>
          {at != null && (
            <>
              {', published '}
              <When at={at} />
            </>
          )}
        </>
      }
    >
      <Loaded query={query} skeleton={<Skeleton className="h-40" />} arrived={RuleGroups !== null}>
        {(policy) =>
          policy.content.length === 0 ? (
            <EmptyState title="This version has no rule" className="py-8">
              Only the tiers decide.
            </EmptyState>
          ) : (
            RuleGroups !== null && <RuleGroups rules={policy.content} observed={counts} />
          )
        }
      </Loaded>
    </Card>
  );
}
