import { Badge } from '#components/ui/badge.tsx';
import type { ApprovalState } from '#lib/core/approvals/states.ts';
import { STATUS_WORDS } from './status-words.ts';

/** A request's state as a word with its weight. */
export function StatusBadge({ status }: { readonly status: ApprovalState }) {
  const { word, tone } = STATUS_WORDS[status];
  return <Badge tone={tone}>{word}</Badge>;
}
