'use client';

import Link from 'next/link';
import { Card } from '#components/ui/card.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Fact, Facts } from '#components/ui/facts.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Page } from '#components/ui/page.tsx';
import { Tab, TabList, TabPanel, Tabs } from '#components/ui/tabs.tsx';
import { When } from '#components/ui/when.tsx';
import { shortDigest } from '#lib/client/format.ts';
import { usePolicies } from '#lib/client/use-policies.ts';
import type { PolicyDetail } from '#lib/contracts/policies.ts';
import { ApproveForm } from './approve-form.tsx';
import { ComparisonView } from './comparison.tsx';
import { FailingTests } from './failing-tests.tsx';
import { Findings } from './findings.tsx';
import { PolicyStatus } from './policy-status.tsx';
import { RuleDiff } from './rule-diff.tsx';
import { RuleGroups } from './rule-groups.tsx';
import { RulesText } from './rules-text.tsx';
import { SimulatePanel } from './simulate-panel.tsx';
import { VersionActions } from './version-actions.tsx';

export function VersionBody({ policy }: { readonly policy: PolicyDetail }) {
  const open = policy.status === 'draft' || policy.status === 'proposed';
  return (
    <Page
      title={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          {`Version ${policy.version}`}
          <PolicyStatus version={policy} />
        </span>
      }
      {...(policy.note === '' ? {} : { intro: policy.note })}
      actions={<VersionActions policy={policy} />}
    >
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_21rem]">
        <div className="grid min-w-0 gap-4">
          <StaleBase policy={policy} />
          {policy.status === 'proposed' && (
            <Card title="Approve it" className="border-medium-line">
              <div className="grid gap-2.5">
                <p className="text-ink-2">
                  {`${policy.createdBy} proposed it. It loosens what is in force: read what gets looser below, then approve it or leave it.`}
                </p>
                <ApproveForm policy={policy} />
              </div>
            </Card>
          )}
          {policy.failingTests.length > 0 && <FailingTests names={policy.failingTests} />}
          {policy.findings.length > 0 && (
            <Card title="Found in the rules">
              <Findings findings={policy.findings} />
            </Card>
          )}
          {policy.comparison !== null && (
            <Card
              title={`What changes against ${policy.baseVersion === 0 ? 'no rules' : `version ${policy.baseVersion}`}`}
            >
              <ComparisonView comparison={policy.comparison} />
            </Card>
          )}
          {policy.diff.length > 0 && (
            <Card title="Rule by rule" flush>
              <RuleDiff diff={policy.diff} />
            </Card>
          )}
          {open && <SimulatePanel of={{ version: policy.version }} />}
          <Content policy={policy} />
        </div>
        <VersionFacts policy={policy} />
      </div>
    </Page>
  );
}

/** A draft is written against one version; when another was published since, its comparison is no longer the true one. */
function StaleBase({ policy }: { readonly policy: PolicyDetail }) {
  const inForce = usePolicies().data?.inForce;
  const open = policy.status === 'draft' || policy.status === 'proposed';
  if (!open || inForce === undefined || inForce === policy.baseVersion) return null;
  return (
    <Notice tone="warning" title={`Version ${inForce} was published meanwhile`}>
      {`This one was written against version ${policy.baseVersion}, so it cannot be published. `}
      <Link href={`/policies/edit?base=${policy.version}`} className="link">
        Make a new draft of it
      </Link>
      {' to see what it would change now.'}
    </Notice>
  );
}

function Content({ policy }: { readonly policy: PolicyDetail }) {
  return (
    <Card title="All its rules" flush>
      {policy.content.length === 0 ? (
        <EmptyState title="No rule" className="py-8">
          Only the tiers decide.
        </EmptyState>
      ) : (
        <Tabs defaultValue="sentences">
          <TabList aria-label="How the rules are shown" className="px-2">
            <Tab value="sentences" count={policy.content.length}>
              Sentences
            </Tab>
            <Tab value="text">As text</Tab>
          </TabList>
          <TabPanel value="sentences">
            <RuleGroups rules={policy.content} />
          </TabPanel>
          <TabPanel value="text" className="p-3.5">
            <RulesText rules={policy.content} />
          </TabPanel>
        </Tabs>
      )}
    </Card>
  );
}

function VersionFacts({ policy }: { readonly policy: PolicyDetail }) {
  return (
    <Card title="Version">
      <Facts>
        <Fact name="Written by">{policy.createdBy}</Fact>
        <Fact name="Written">
          <When at={policy.createdAt} />
        </Fact>
        {policy.proposedAt !== null && (
          <Fact name="Proposed">
            <When at={policy.proposedAt} />
          </Fact>
        )}
        {policy.approvedBy !== null && <Fact name="Approved by">{policy.approvedBy}</Fact>}
        {policy.publishedAt !== null && (
          <Fact name="Published">
            <When at={policy.publishedAt} />
          </Fact>
        )}
        <Fact name="Written against">
          {policy.baseVersion === 0 ? (
            'no rules'
          ) : (
            <Link href={`/policies/${policy.baseVersion}`} className="link">{`version ${policy.baseVersion}`}</Link>
          )}
        </Fact>
        <Fact name="Content hash">
          <span className="-my-1.5 inline-flex items-center">
            <code className="text-xs">{shortDigest(policy.contentHash)}</code>
            <CopyButton text={policy.contentHash} label="Copy the content's hash" />
          </span>
        </Fact>
      </Facts>
      <p className="mt-3 border-t pt-3">
        <Link href="/policies" className="link">
          All versions
        </Link>
      </p>
    </Card>
  );
}
