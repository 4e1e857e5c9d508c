'use client';

import { X } from 'lucide-react';
import Link from 'next/link';
import { useEffect, useRef } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { TierBadge } from '#components/shell/tier-badge.tsx';
import { Card } from '#components/ui/card.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { Fact, Facts } from '#components/ui/facts.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ScrollBox } from '#components/ui/scroll-box.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { shortDigest } from '#lib/client/format.ts';
import { formatAbsolute } from '#lib/client/time.ts';
import type { AuditRow } from '#lib/contracts/audit.ts';
import { isTier } from '#lib/core/risk/types.ts';
import { CallStory } from './call-story.tsx';
import { EntryProof } from './entry-proof.tsx';
import { type FilterName, type Filters, hrefOf } from './filters.ts';
import type { useSelected } from './use-selected.ts';

type Selected = Exclude<ReturnType<typeof useSelected>, { kind: 'none' }>;
type Props = {
  readonly selected: Selected;
  readonly filters: Filters;
  readonly onOpen: (seq: string) => void;
  readonly onClose: () => void;
  /** The call that is being compared with another. */
  readonly comparing: string | null;
  readonly onCompare: (callId: string) => void;
};

/** One entry, whole: what it says, whether it is in the signed log, the call it belongs to, and its exact text. */
export function EntryPanel({ selected, onOpen, onClose, comparing, onCompare }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const seq = selected.kind === 'row' ? selected.row.seq : null;
  useEffect(() => {
    // On a narrow screen the panel stands above the list; opening a row far below must bring it into view.
    if (seq !== null && !window.matchMedia('(min-width: 64rem)').matches) {
      box.current?.scrollIntoView({ block: 'start' });
    }
  }, [seq]);
  return (
    <div ref={box} className="scroll-mt-16 lg:sticky lg:top-4">
      <Card
        title={seq === null ? 'Entry' : `Entry ${seq}`}
        aside={
          <IconButton label="Close the entry" onClick={onClose} className="-mr-2 size-7">
            <X aria-hidden="true" />
          </IconButton>
        }
        flush
      >
        {selected.kind === 'loading' && <Skeleton className="m-3.5 h-40" />}
        {selected.kind === 'missing' && (
          <Notice className="m-3.5" tone="warning" title="No entry of this number">
            <p>It may not have been written yet, or the link is wrong.</p>
          </Notice>
        )}
        {selected.kind === 'row' && (
          <EntryBody row={selected.row} onOpen={onOpen} comparing={comparing} onCompare={onCompare} />
        )}
      </Card>
    </div>
  );
}

type BodyProps = Pick<Props, 'onOpen' | 'comparing' | 'onCompare'> & { readonly row: AuditRow };

function EntryBody({ row, onOpen, comparing, onCompare }: BodyProps) {
  const { callId } = row;
  return (
    <div className="grid gap-4 px-3.5 py-3 lg:max-h-[calc(100dvh-12rem)] lg:overflow-y-auto">
      <SafeText text={row.sentence} as="p" className="font-medium" />
      <EntryProof key={row.seq} row={row} />
      <EntryFacts row={row} comparing={comparing} />
      {callId !== null && (
        <CallStory
          callId={callId}
          current={row.seq}
          onOpen={onOpen}
          onCompare={comparing === null ? () => onCompare(callId) : null}
        />
      )}
      <div>
        <h3 className="mb-1.5 flex items-center gap-1 font-semibold text-ink-2 text-xs">
          Exact text
          <CopyButton text={row.entry} label="Copy the exact text" />
        </h3>
        <ScrollBox label="Exact text of the entry" className="max-h-72 rounded-md border bg-sunken p-2.5">
          <SafeText text={row.entry} as="pre" className="whitespace-pre-wrap text-2xs leading-relaxed" />
        </ScrollBox>
      </div>
    </div>
  );
}

function EntryFacts({ row, comparing }: Pick<Props, 'comparing'> & { readonly row: AuditRow }) {
  // The other call of a comparison may be found by narrowing.
  const narrow = (name: FilterName, value: string) => (
    <Narrow href={hrefOf({ [name]: value }, null, comparing)} value={value} />
  );
  return (
    <Facts>
      <Fact name="Recorded">{formatAbsolute(row.at)}</Fact>
      <Fact name="Kind">{narrow('type', row.type)}</Fact>
      {row.actor !== null && <Fact name="By">{narrow('actor', row.actor)}</Fact>}
      {row.agent !== null && <Fact name="Agent">{narrow('agent', row.agent)}</Fact>}
      {row.server !== null && <Fact name="Server">{narrow('server', row.server)}</Fact>}
      {row.tool !== null && <Fact name="Tool">{narrow('tool', row.tool)}</Fact>}
      {row.tier !== null && isTier(row.tier) && (
        <Fact name="Tier">
          <TierBadge tier={row.tier} />
        </Fact>
      )}
      {row.decision !== null && <Fact name="Decision">{narrow('decision', row.decision)}</Fact>}
      {row.requestId !== null && (
        <Fact name="Request">
          <Link href={`/approvals/${row.requestId}`} className="link">
            {shortDigest(row.requestId)}
          </Link>
        </Fact>
      )}
      {row.sessionId !== null && (
        <Fact name="Session">
          <Link href={hrefOf({ session: row.sessionId }, row.seq, comparing)} className="link target">
            <SafeText text={row.sessionId} />
          </Link>
        </Fact>
      )}
      <Fact name="Leaf">
        <span className="-my-1.5 inline-flex items-center">
          <code className="text-xs">{shortDigest(row.leaf)}</code>
          <CopyButton text={row.leaf} label="Copy the leaf" />
        </span>
      </Fact>
    </Facts>
  );
}

/** A value that narrows the timeline to itself. */
function Narrow({ href, value }: { readonly href: string; readonly value: string }) {
  return (
    <Link href={href} className="link target">
      <SafeText text={value} />
    </Link>
  );
}
