'use client';

import { OctagonAlert, Power, ShieldCheck } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { TierMark } from '#components/shell/tier-badge.tsx';
import { cx } from '#components/ui/class-names.ts';
import { formatAbsolute, formatClock } from '#lib/client/time.ts';
import type { AuditRow } from '#lib/contracts/audit.ts';
import { isTier } from '#lib/core/risk/types.ts';
import { eventWords } from './event-words.ts';
import type { RowProof } from './row-proof.ts';

type Props = {
  readonly row: AuditRow;
  readonly selected: boolean;
  /** Somebody jumped here from elsewhere in the log. */
  readonly reached: boolean;
  /** What this browser has found of the row; undefined = not checked yet. */
  readonly proof: RowProof | undefined;
  readonly onOpen: (seq: string) => void;
};

/** The turns of the kill switch cut the list: what stands above one happened under it. */
const TURNS: Readonly<Record<string, string>> = {
  'kill.on': 'border-high-line border-y bg-high-soft font-semibold text-high',
  'kill.off': 'border-low-line border-y bg-low-soft font-semibold text-low',
};

/** One entry as a sentence. Far away rows are not painted until they come near, so a long list stays quick. */
export function TimelineRow({ row, selected, reached, proof, onOpen }: Props) {
  const line = useRef<HTMLLIElement>(null);
  useEffect(() => {
    // On a narrow screen the opened entry stands above the list and comes into view instead.
    if (reached && window.matchMedia('(min-width: 64rem)').matches) line.current?.scrollIntoView({ block: 'center' });
  }, [reached]);
  const turn = TURNS[row.type];
  return (
    <li
      ref={line}
      data-seq={row.seq}
      className="border-b [contain-intrinsic-block-size:auto_2.25rem] [content-visibility:auto] last:border-b-0"
    >
      <button
        type="button"
        aria-current={selected ? 'true' : undefined}
        onClick={() => onOpen(row.seq)}
        className={cx(
          'grid w-full grid-cols-[3.75rem_1.25rem_minmax(0,1fr)] items-start gap-x-2 px-3.5 py-2 text-left focus-visible:-outline-offset-2 sm:grid-cols-[3.75rem_1.25rem_minmax(0,1fr)_auto]',
          turn ?? (selected ? 'bg-accent-soft' : 'hover:bg-sunken'),
          turn !== undefined && selected && 'outline-2 outline-accent -outline-offset-2',
        )}
      >
        <time
          dateTime={row.at}
          title={formatAbsolute(row.at)}
          className="tabular text-ink-3 text-xs leading-[1.1875rem]"
        >
          {formatClock(row.at)}
        </time>
        <span>
          {turn !== undefined && <Power aria-hidden="true" className="size-4" />}
          {row.tier !== null && isTier(row.tier) && <TierMark tier={row.tier} />}
        </span>
        <SafeText text={row.sentence} className="line-clamp-3" />
        <span className="col-start-3 flex items-center gap-1.5 whitespace-nowrap text-ink-3 text-xs leading-[1.1875rem] sm:col-start-auto">
          {eventWords(row.type)}
          <ProofMark proof={proof} />
        </span>
      </button>
    </li>
  );
}

/** Keeps its place before it is known, so that nothing moves when it comes. */
function ProofMark({ proof }: { readonly proof: RowProof | undefined }) {
  switch (proof) {
    case 'proven':
      return (
        <span title="In the signed log: proven in this browser" className="text-low">
          <ShieldCheck aria-hidden="true" className="size-3.5" />
          <span className="sr-only">proven here</span>
        </span>
      );
    case 'broken':
      return (
        <span title="This row is not what the log signed" className="flex items-center gap-1 font-semibold text-high">
          does not verify
          <OctagonAlert aria-hidden="true" className="size-3.5" />
        </span>
      );
    case undefined:
      return <span className="size-3.5" />;
  }
}
