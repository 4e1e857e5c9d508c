'use client';

import { Eye } from 'lucide-react';
import { type MouseEvent, memo } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { TierMark, TierWord } from '#components/shell/tier-badge.tsx';
import { cx } from '#components/ui/class-names.ts';
import { TimeLeft } from '#components/ui/time-left.tsx';
import { When } from '#components/ui/when.tsx';
import { classWords } from '#lib/client/format.ts';
import type { ApprovalSummary } from '#lib/contracts/approval-rows.ts';
import { StatusBadge } from './status-badge.tsx';

type InboxRowProps = {
  readonly row: ApprovalSummary;
  readonly open: boolean;
  readonly gone: boolean;
  readonly onOpen: (id: string) => void;
  readonly onFocus: (id: string) => void;
};

/**
 * One request in the list: what, with which arguments, by whom, how long. A real link, so it can be opened elsewhere.
 * Drawn anew only when something of it changed: arrivals elsewhere in the list cost it nothing.
 */
export const InboxRow = memo(function InboxRow({ row, open, gone, onOpen, onFocus }: InboxRowProps) {
  const click = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
    event.preventDefault();
    onOpen(row.id);
  };
  return (
    <a
      href={`/approvals/${row.id}`}
      data-row={row.id}
      aria-current={open ? 'true' : undefined}
      onClick={click}
      onFocus={() => onFocus(row.id)}
      className={cx(
        'relative grid h-full grid-cols-[1.125rem_minmax(0,1fr)_auto] content-center gap-x-2.5 gap-y-0.5 border-b px-4 py-2 focus-visible:z-10 focus-visible:-outline-offset-2',
        open ? 'bg-accent-soft' : 'hover:bg-sunken',
        gone && 'opacity-60',
      )}
    >
      {open && <span aria-hidden="true" className="absolute inset-y-0 left-0 w-0.5 bg-accent" />}
      <TierMark tier={row.tier} />
      <span className="truncate font-semibold">
        <SafeText text={row.server} /> <span className="font-normal text-ink-3">·</span> <SafeText text={row.tool} />
      </span>
      <RowAside row={row} gone={gone} />
      <SafeText text={row.argsPreview} as="code" className="col-span-2 col-start-2 truncate text-ink-2 text-xs" />
      <span className="col-span-2 col-start-2 truncate text-ink-3 text-xs">
        <TierWord tier={row.tier} />
        {' · '}
        <SafeText text={row.agent} />
        {row.onBehalfOf !== null && (
          <>
            , for <SafeText text={row.onBehalfOf} />
          </>
        )}
        {` · ${classWords(row.actionClass)}`}
        {row.redTeam === true && ' · red team'}
        {row.quorum.needed > 1 && ` · ${row.quorum.approved} of ${row.quorum.needed}`}
        {row.claimedBy !== null && row.status === 'pending' && (
          <>
            {' · '}
            <Eye aria-hidden="true" className="inline size-3" /> {row.claimedBy}
          </>
        )}
      </span>
    </a>
  );
});

function RowAside({ row, gone }: { readonly row: ApprovalSummary; readonly gone: boolean }) {
  if (gone) return <span className="text-ink-3 text-xs">no longer waiting</span>;
  if (row.status === 'pending') return <TimeLeft expiresAt={row.expiresAt} />;
  return (
    <span className="flex items-center gap-2">
      <StatusBadge status={row.status} />
      <When at={row.decidedAt ?? row.requestedAt} className="text-ink-3 text-xs" />
    </span>
  );
}
