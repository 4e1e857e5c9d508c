'use client';

import { Check } from 'lucide-react';
import { Checkbox as Radix } from 'radix-ui';
import type { ApprovalSummary } from '#lib/contracts/approvals.ts';
import { toVisible } from '#lib/core/text/visible.ts';

type SelectBoxProps = {
  readonly row: ApprovalSummary;
  readonly checked: boolean;
  readonly onToggle: () => void;
};

/** Selects a line for a batch. Beside the line's link, not inside it: a tick must never open the request. */
export function SelectBox({ row, checked, onToggle }: SelectBoxProps) {
  return (
    <Radix.Root
      checked={checked}
      onCheckedChange={onToggle}
      aria-label={toVisible(`Select ${row.server} · ${row.tool} by ${row.agent}`)}
      className="absolute bottom-2.5 left-3 z-10 grid size-6 place-items-center rounded-sm focus-visible:outline-offset-0"
    >
      <span className="grid size-3.5 place-items-center rounded-sm border border-line-control bg-panel in-data-[state=checked]:border-accent in-data-[state=checked]:bg-accent">
        <Radix.Indicator>
          <Check aria-hidden="true" strokeWidth={3} className="size-2.5 text-on-accent" />
        </Radix.Indicator>
      </span>
    </Radix.Root>
  );
}
