'use client';

import { Check, KeyRound, X } from 'lucide-react';
import Link from 'next/link';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { TierBadge } from '#components/shell/tier-badge.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Pips } from '#components/ui/pips.tsx';
import { TimeLeft } from '#components/ui/time-left.tsx';
import { When } from '#components/ui/when.tsx';
import { formatCount } from '#lib/client/format.ts';
import type { Grant } from '#lib/contracts/grants.ts';
import { either } from '#lib/core/policies/words.ts';
import { GrantActions } from './grant-actions.tsx';
import { GRANT_WORDS } from './grant-words.ts';

/** One grant: what it lets through, how much of it is left, who agreed, and what can be done with it. */
export function GrantItem({ grant }: { readonly grant: Grant }) {
  const { word, tone, sentence } = GRANT_WORDS[grant.status];
  const live = grant.status === 'pending' || grant.status === 'active';
  return (
    <li className="border-b px-3.5 py-3 last:border-b-0">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-ink-3 text-xs">
        <Badge tone={tone}>{word}</Badge>
        <TierBadge tier={grant.tier} />
        {grant.stepUp === 'passkey' && <Badge icon={<KeyRound aria-hidden="true" />}>passkey</Badge>}
        <span>
          by {grant.createdBy} <When at={grant.createdAt} />
        </span>
        {grant.requestId !== null && (
          <Link href={`/approvals/${grant.requestId}`} className="link">
            from a request
          </Link>
        )}
      </p>
      <SafeText as="p" text={grant.sentence} className="mt-1.5 font-medium text-base" />
      <p className="mt-0.5 text-ink-2">
        “<SafeText text={grant.reason} />”{!live && ` ${sentence}`}
        {grant.endedAt !== null && !live && (
          <>
            {' '}
            <When at={grant.endedAt} className="text-ink-3" />
          </>
        )}
      </p>
      <div className="mt-2.5 flex flex-wrap items-center gap-x-6 gap-y-2">
        {grant.status === 'pending' ? <Missing grant={grant} /> : <Uses grant={grant} />}
        {grant.status === 'active' && grant.expiresAt !== null && (
          <span className="flex gap-1.5 text-ink-2">
            <TimeLeft expiresAt={grant.expiresAt} /> left
          </span>
        )}
        <Voters grant={grant} />
        {live && <GrantActions grant={grant} />}
      </div>
    </li>
  );
}

function Missing({ grant }: { readonly grant: Grant }) {
  const { needed, approved, factors } = grant.quorum;
  const groups = factors.map((factor) => `${factor.count} of ${either(factor.groups)}`);
  return (
    <span className="flex flex-wrap items-center gap-2 text-ink-2">
      <Pips needed={needed} filled={approved} />
      <span>
        {approved} of {needed} needed{groups.length > 0 && ` (${groups.join(', ')})`}, within{' '}
        <TimeLeft expiresAt={grant.decideBy} />
      </span>
    </span>
  );
}

/** Uses as a bar that fills, with the count in words. */
function Uses({ grant }: { readonly grant: Grant }) {
  const left = Math.max(0, grant.maxUses - grant.uses);
  return (
    <span className="flex items-center gap-2 text-ink-2">
      <span aria-hidden="true" className="forced-border h-1.5 w-28 overflow-hidden rounded-full bg-line">
        <span
          className="block h-full bg-accent"
          style={{ width: `${Math.min(100, (grant.uses / grant.maxUses) * 100)}%` }}
        />
      </span>
      <span className="tabular">
        {formatCount(grant.uses)} of {formatCount(grant.maxUses)} used, {formatCount(left)} left
      </span>
      {grant.lastUsedAt !== null && (
        <span className="text-ink-3 text-xs">
          last <When at={grant.lastUsedAt} />
        </span>
      )}
    </span>
  );
}

function Voters({ grant }: { readonly grant: Grant }) {
  if (grant.votes.length === 0) return null;
  return (
    <ul aria-label="Votes" className="flex flex-wrap gap-x-3 gap-y-1 text-xs">
      {grant.votes.map((vote) => {
        const Icon = vote.decision === 'approve' ? Check : X;
        return (
          <li
            key={`${vote.personName} ${vote.castAt}`}
            className={
              vote.decision === 'approve' ? 'flex items-center gap-1 text-low' : 'flex items-center gap-1 text-high'
            }
          >
            <Icon aria-hidden="true" className="size-3.5" />
            {vote.personName} {vote.decision === 'approve' ? 'approved' : 'denied'}
          </li>
        );
      })}
    </ul>
  );
}
