'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type ApiProblem, api } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { type ApprovalDetail, approvalDetailSchema, voteAnswerSchema } from '#lib/contracts/approvals.ts';
import { listChanges } from './judge-decision.ts';
import { newerRecord } from './use-approval.ts';

export type Decision = 'approve' | 'deny';
/** How the last vote from this page ended. */
export type VoteState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'sending'; readonly decision: Decision }
  | { readonly kind: 'counted'; readonly decision: Decision }
  | { readonly kind: 'changed'; readonly decision: Decision; readonly changes: readonly string[] }
  | { readonly kind: 'refused'; readonly decision: Decision; readonly problem: ApiProblem };

type VoteInput = {
  readonly decision: Decision;
  readonly digest: string;
  readonly reason: string;
  readonly key: string;
};

/**
 * Sends a vote with the digest that was on the screen. A 409 brings the fresh record: it replaces what is shown, and the
 * reader is told what is different before anything can be sent again.
 */
export function useVote(record: ApprovalDetail) {
  const client = useQueryClient();
  const [state, setState] = useState<VoteState>({ kind: 'idle' });
  const keep = (fresh: ApprovalDetail) => {
    client.setQueryData<ApprovalDetail>(queryKeys.approvals.detail(record.id), (old) => newerRecord(old, fresh));
    void client.invalidateQueries({ queryKey: ['approvals', 'list'] });
    void client.invalidateQueries({ queryKey: [...queryKeys.overview] });
  };
  const send = async ({ decision, digest, reason, key }: VoteInput) => {
    setState({ kind: 'sending', decision });
    const answer = await api.send(
      'POST',
      `/api/v1/approvals/${encodeURIComponent(record.id)}/votes`,
      { decision, digest, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) },
      voteAnswerSchema,
      { 'idempotency-key': key },
    );
    if (answer.ok) {
      keep(answer.value.record);
      setState({ kind: 'counted', decision });
      return;
    }
    const fresh = approvalDetailSchema.safeParse(answer.error.record);
    if (answer.error.status === 409 && fresh.success) {
      keep(fresh.data);
      setState({ kind: 'changed', decision, changes: listChanges(record, fresh.data) });
      return;
    }
    setState({ kind: 'refused', decision, problem: answer.error });
  };
  return { state, send, clear: () => setState({ kind: 'idle' }) };
}
