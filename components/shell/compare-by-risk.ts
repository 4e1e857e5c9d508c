import type { ApprovalSummary } from '#lib/contracts/approval-rows.ts';
import { TIERS } from '#lib/core/risk/types.ts';

/** The server writes every time in one form, so texts compare as times do: a thousand rows are sorted without parsing. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Worst first: higher tier, then less time left, then the older one, then the id so that the order never flickers. */
export function compareByRisk(a: ApprovalSummary, b: ApprovalSummary): number {
  return (
    TIERS.indexOf(b.tier) - TIERS.indexOf(a.tier) ||
    compareText(a.expiresAt, b.expiresAt) ||
    compareText(a.requestedAt, b.requestedAt) ||
    compareText(a.id, b.id)
  );
}
