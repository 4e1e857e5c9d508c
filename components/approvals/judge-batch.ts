import type { ApprovalSummary } from '#lib/contracts/approval-rows.ts';

export type BatchItem = Pick<ApprovalSummary, 'id' | 'digest' | 'server' | 'tool' | 'tier' | 'agent' | 'argsPreview'>;
export const APPROVE_AT_MOST = 20;
export const DENY_AT_MOST = 200;

/**
 * Why these requests cannot be approved in one go, as a sentence; null = they can. What is alike and not dangerous may be
 * approved together; everything else is read one by one. The server decides again.
 */
export function blockBatchApprove(items: readonly BatchItem[], stale: boolean): string | null {
  const [first] = items;
  if (stale) return 'This page is stale: the server does not answer.';
  if (items.length > APPROVE_AT_MOST) return `At most ${APPROVE_AT_MOST} at once can be approved.`;
  if (items.some((item) => item.tier === 'high')) return 'High risk is approved one by one.';
  if (items.some((item) => item.server !== first?.server || item.tool !== first?.tool)) {
    return 'Only calls of one tool can be approved together.';
  }
  return null;
}

/** The same for a denial, which stops things and therefore has only a size. */
export function blockBatchDeny(items: readonly BatchItem[]): string | null {
  return items.length > DENY_AT_MOST ? `At most ${DENY_AT_MOST} at once can be denied.` : null;
}
