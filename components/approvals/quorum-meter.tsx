import { Check, CircleDashed } from 'lucide-react';
import { cx } from '#components/ui/class-names.ts';
import { Pips } from '#components/ui/pips.tsx';
import type { ApprovalDetail } from '#lib/contracts/approvals.ts';
import { either } from '#lib/core/policies/words.ts';
import { missingFactors } from './quorum-words.ts';

type Quorum = Pick<ApprovalDetail, 'quorum' | 'terms'>;
/** The quorum as filled and empty pips with the words beside it, and what a named group still has to bring. */
export function QuorumPips({ quorum, terms }: Quorum) {
  const { needed, approved } = quorum;
  const missing = missingFactors(terms.factors);
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-ink-2">
      <Pips needed={needed} filled={approved} />
      <span className="whitespace-nowrap">
        {needed === 1
          ? approved === 0
            ? '1 person decides'
            : '1 of 1'
          : `${Math.min(approved, needed)} of ${needed} needed`}
      </span>
      {missing.map((words) => (
        <span key={words} className="flex items-center gap-1 whitespace-nowrap font-medium text-medium text-xs">
          <CircleDashed aria-hidden="true" className="size-3.5" />
          {words}
        </span>
      ))}
    </span>
  );
}

/** Every factor on a line of its own: whose votes it asks for, and whether they are there. */
export function FactorList({ factors }: { readonly factors: ApprovalDetail['terms']['factors'] }) {
  if (factors.length === 0) return null;
  return (
    <ul aria-label="Who must be among them" className="mb-2.5 grid gap-1 border-b pb-2.5">
      {factors.map((factor) => {
        const met = factor.approved >= factor.count;
        const Icon = met ? Check : CircleDashed;
        return (
          <li key={factor.groups.join(' ')} className="flex items-center gap-2 text-xs">
            <Icon aria-hidden="true" className={cx('size-3.5 shrink-0', met ? 'text-low' : 'text-medium')} />
            <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">{either(factor.groups)}</span>
            <span className={cx('tabular', met ? 'text-ink-3' : 'font-medium text-medium')}>
              {Math.min(factor.approved, factor.count)} of {factor.count}
              {!met && <span className="sr-only">, missing</span>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
