'use client';

import { ArrowDown, ArrowUp, ChevronRight, CopyPlus, Trash2 } from 'lucide-react';
import { useId } from 'react';
import { Badge } from '#components/ui/badge.tsx';
import { cx } from '#components/ui/class-names.ts';
import { IconButton } from '#components/ui/icon-button.tsx';
import type { DraftAction, Line } from './draft-lines.ts';
import { EffectBadge } from './effect-badge.tsx';
import type { Fault } from './local-faults.ts';
import { RuleForm } from './rule-form.tsx';
import { ObserveBadge, RuleSentence } from './rule-item.tsx';
import type { Registry } from './use-registry.ts';

type Props = {
  readonly line: Line;
  readonly open: boolean;
  readonly faults: readonly Fault[];
  readonly registry: Registry;
  readonly dispatch: (action: DraftAction) => void;
};

/** One rule of a draft: closed it is a sentence, open it is a form. */
export function LineItem({ line: { key, rule }, open, faults, registry, dispatch }: Props) {
  const bodyId = useId();
  const errors = faults.filter((fault) => fault.level === 'error').length;
  return (
    <li className="border-b last:border-b-0" aria-label={rule.name}>
      <div className="flex items-start gap-1 px-1.5 py-2 sm:gap-2 sm:px-2.5">
        <button
          type="button"
          aria-expanded={open}
          aria-controls={bodyId}
          aria-label={`${open ? 'Close' : 'Edit'} ${rule.name}`}
          onClick={() => dispatch({ kind: 'open', key: open ? null : key })}
          className="grid size-8 shrink-0 place-items-center rounded-md text-ink-3 hover:bg-sunken hover:text-ink"
        >
          <ChevronRight aria-hidden="true" className={cx('size-4 transition-transform', open && 'rotate-90')} />
        </button>
        <div className="min-w-0 flex-1 py-1">
          <p className="flex flex-wrap items-center gap-2">
            <EffectBadge decision={rule.then} />
            <span className="font-semibold [overflow-wrap:anywhere]">
              {rule.name === '' ? 'without a name' : rule.name}
            </span>
            <ObserveBadge rule={rule} />
            {errors > 0 && <Badge tone="danger">{errors === 1 ? '1 error' : `${errors} errors`}</Badge>}
          </p>
          <div className="mt-1">
            <RuleSentence rule={rule} />
          </div>
        </div>
        <div className="flex shrink-0 max-sm:grid max-sm:grid-cols-2">
          <IconButton label={`Move ${rule.name} up`} onClick={() => dispatch({ kind: 'move', key, by: -1 })}>
            <ArrowUp aria-hidden="true" />
          </IconButton>
          <IconButton label={`Move ${rule.name} down`} onClick={() => dispatch({ kind: 'move', key, by: 1 })}>
            <ArrowDown aria-hidden="true" />
          </IconButton>
          <IconButton label={`Duplicate ${rule.name}`} onClick={() => dispatch({ kind: 'duplicate', key })}>
            <CopyPlus aria-hidden="true" />
          </IconButton>
          <IconButton label={`Delete ${rule.name}`} onClick={() => dispatch({ kind: 'remove', key })}>
            <Trash2 aria-hidden="true" />
          </IconButton>
        </div>
      </div>
      <div id={bodyId} hidden={!open} className="px-3.5 pb-4 sm:pl-14">
        {open && (
          <RuleForm
            rule={rule}
            faults={faults}
            registry={registry}
            onChange={(next) => dispatch({ kind: 'change', key, rule: next })}
          />
        )}
      </div>
    </li>
  );
}
