'use client';

import { Tick } from '#components/ui/tick.tsx';
import type { ApprovalSummary } from '#lib/contracts/approval-rows.ts';
import { toVisible } from '#lib/core/text/visible.ts';

type SelectBoxProps = {
  readonly row: ApprovalSummary;
  readonly checked: boolean;
  readonly onToggle: () => void;
};

/** Selects a line for a batch. Beside the line's link, not inside it: a tick must never open the request. */
export function SelectBox({ row, checked, onToggle }: SelectBoxProps) {
  return (
    <Tick
      checked={checked}
      onTick={onToggle}
      aria-label={toVisible(`Select ${row.server} · ${row.tool} by ${row.agent}`)}
      className="absolute! bottom-3.5 left-4 z-10"
    />
  );
}
