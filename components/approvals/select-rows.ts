import type { ApprovalSummary } from '#lib/contracts/approval-rows.ts';
import { filterWords, matchesWords } from '#lib/core/approvals/inbox-filter.ts';

/** The rows in which every word of the filter occurs; the server searches older ones by the same words. */
export function selectRows(rows: readonly ApprovalSummary[], filter: string): readonly ApprovalSummary[] {
  const words = filterWords(filter);
  return words.length === 0 ? rows : rows.filter((row) => matchesWords(row, words));
}
