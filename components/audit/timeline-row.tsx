'use client';

import { SafeText } from '#components/safe-text/safe-text.tsx';
import { TierMark } from '#components/shell/tier-badge.tsx';
import { cx } from '#components/ui/class-names.ts';
import { formatAbsolute, formatClock } from '#lib/client/time.ts';
import type { AuditRow } from '#lib/contracts/audit.ts';
import { isTier } from '#lib/core/risk/types.ts';
import { eventWords } from './event-words.ts';

type Props = { readonly row: AuditRow; readonly selected: boolean; readonly onOpen: (seq: string) => void };

/** One entry as a sentence. Far away rows are not painted until they come near, so a long list stays quick. */
export function TimelineRow({ row, selected, onOpen }: Props) {
  return (
    <li className="border-b [contain-intrinsic-block-size:auto_2.25rem] [content-visibility:auto] last:border-b-0">
      <button
        type="button"
        aria-current={selected ? 'true' : undefined}
        onClick={() => onOpen(row.seq)}
        className={cx(
          'grid w-full grid-cols-[3.75rem_1.25rem_minmax(0,1fr)] items-start gap-x-2 px-3.5 py-2 text-left focus-visible:-outline-offset-2 sm:grid-cols-[3.75rem_1.25rem_minmax(0,1fr)_auto]',
          selected ? 'bg-accent-soft' : 'hover:bg-sunken',
        )}
      >
        <time
          dateTime={row.at}
          title={formatAbsolute(row.at)}
          className="tabular text-ink-3 text-xs leading-[1.1875rem]"
        >
          {formatClock(row.at)}
        </time>
        <span>{row.tier !== null && isTier(row.tier) && <TierMark tier={row.tier} />}</span>
        <SafeText text={row.sentence} className="line-clamp-3" />
        <span className="col-start-3 whitespace-nowrap text-ink-3 text-xs leading-[1.1875rem] sm:col-start-auto">
          {eventWords(row.type)}
        </span>
      </button>
    </li>
  );
}
