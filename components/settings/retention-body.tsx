'use client';

import { useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Badge, type BadgeTone } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Fact, Facts } from '#components/ui/facts.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { When } from '#components/ui/when.tsx';
import { formatBytes, formatCount } from '#lib/client/format.ts';
import { useRoleBar } from '#lib/client/use-me.ts';
import type { Retention, RetentionChange } from '#lib/contracts/settings.ts';
import { keptWords } from './kept-words.ts';
import { OpenRetentionChange } from './open-retention-change.tsx';

const proposeRetentionDialog = arriving(
  () => import('./propose-retention-dialog.tsx').then((file) => file.ProposeRetentionDialog),
  'at-rest',
);

/** What is in force, the change that waits, and those before. */
export function RetentionBody({ retention }: { readonly retention: Retention }) {
  return (
    <div className="grid gap-4">
      {retention.open !== null && <OpenRetentionChange change={retention.open} />}
      <InForce retention={retention} />
      {retention.history.length > 0 && <History changes={retention.history} />}
    </div>
  );
}

function InForce({ retention }: { readonly retention: Retention }) {
  const role = useRoleBar('admin');
  const [proposing, setProposing] = useState(false);
  const ProposeRetentionDialog = useArrived(proposeRetentionDialog, proposing);
  const { held } = retention;
  const bar = role ?? (retention.open === null ? null : 'A change waits; take that one back first.');
  const atLeast = held.more ? 'more than ' : '';
  return (
    <Card
      title="Arguments and results"
      aside={
        <Button size="sm" disabledReason={bar} onClick={() => setProposing(true)}>
          Change…
        </Button>
      }
    >
      <div className="grid gap-3">
        <p>
          <b className="font-semibold">Kept {keptWords(retention.payloadDays)}</b>
          <span className="text-ink-2">
            {retention.payloadDays === null
              ? ': nothing is erased by itself.'
              : ', then erased with the salts that open their commitments. The log keeps its entries and verifies as before.'}
          </span>
        </p>
        <Facts>
          <Fact name="Sealed payloads">
            <span className="tabular">{`${atLeast}${formatCount(held.payloads)}, ${formatBytes(held.bytes)}`}</span>
          </Fact>
          <Fact name="Finished requests with arguments">
            <span className="tabular">{`${atLeast}${formatCount(held.requests)}`}</span>
          </Fact>
          <Fact name="The oldest">{held.oldestAt === null ? 'there is none' : <When at={held.oldestAt} />}</Fact>
        </Facts>
      </div>
      {ProposeRetentionDialog !== null && (
        <ProposeRetentionDialog current={retention.payloadDays} open={proposing} onOpenChange={setProposing} />
      )}
    </Card>
  );
}

const STATES: Readonly<Record<RetentionChange['state'], readonly [string, BadgeTone]>> = {
  proposed: ['Proposed', 'accent'],
  waiting: ['Agreed', 'warning'],
  'in-force': ['In force', 'good'],
  over: ['Was in force', 'plain'],
  withdrawn: ['Taken back', 'plain'],
};

function History({ changes }: { readonly changes: readonly RetentionChange[] }) {
  return (
    <Card title="Changes before" flush>
      <ul aria-label="Changes before">
        {changes.map((change) => (
          <li key={change.id} className="border-b px-3.5 py-2.5 last:border-b-0">
            <p className="flex flex-wrap items-center gap-2 font-medium">
              Kept {keptWords(change.payloadDays)}
              <Badge tone={STATES[change.state][1]}>{STATES[change.state][0]}</Badge>
            </p>
            <p className="text-ink-2">
              <SafeText text={change.reason} />
            </p>
            <p className="text-ink-3 text-xs">
              proposed by {change.proposedBy} <When at={change.proposedAt} />
              {change.decidedBy !== null && change.decidedAt !== null && (
                <>
                  , {change.state === 'withdrawn' ? 'taken back' : 'agreed to'} by {change.decidedBy}{' '}
                  <When at={change.decidedAt} />
                </>
              )}
            </p>
          </li>
        ))}
      </ul>
    </Card>
  );
}
