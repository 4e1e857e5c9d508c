'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type ApiProblem, api } from '#lib/client/api.ts';
import { mergeRequests } from '#lib/client/live-requests.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import {
  type ApprovalDetail,
  approvalDetailSchema,
  type VoteBody,
  voteAnswerSchema,
} from '#lib/contracts/approvals.ts';
import { listChanges } from './judge-decision.ts';
import { useStepUp } from './step-up.ts';
import { newerRecord } from './use-approval.ts';

export type Decision = 'approve' | 'deny';
/** How the last vote from this page ended. */
export type VoteState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'sending'; readonly decision: Decision }
  | { readonly kind: 'counted'; readonly decision: Decision }
  | { readonly kind: 'changed'; readonly decision: Decision; readonly changes: readonly string[] }
  | { readonly kind: 'refused'; readonly decision: Decision; readonly problem: ApiProblem };

/** What the tray adds to a decision. `key` names this one decision, so that a repeated request is counted once. */
export type VoteChoice = {
  readonly reason: string;
  readonly key: string;
  /** In whose place; null = the voter's own. */
  readonly forPersonId: string | null;
  /** Alone, under the voter's open break-glass session. */
  readonly breakGlass: boolean;
};
type VoteInput = VoteChoice & { readonly decision: Decision; readonly digest: string };

/** Whether a vote must carry a passkey's assertion: the rule asks for it, or it is cast alone. */
export function needsStepUp(record: ApprovalDetail, decision: Decision, breakGlass: boolean): boolean {
  // A denial stops something: nobody should have to look for their key first.
  return decision === 'approve' && (breakGlass || record.terms.stepUp === 'passkey');
}

/**
 * Sends a vote with the digest that was on the screen. A 409 brings the fresh record: it replaces what is shown, and the
 * reader is told what is different before anything can be sent again.
 */
export function useVote(record: ApprovalDetail) {
  const client = useQueryClient();
  const stepUp = useStepUp(record.id);
  const [state, setState] = useState<VoteState>({ kind: 'idle' });
  const keep = (fresh: ApprovalDetail) => {
    client.setQueryData<ApprovalDetail>(queryKeys.approvals.detail(record.id), (old) => newerRecord(old, fresh));
    mergeRequests(client, [fresh]);
    void client.invalidateQueries({ queryKey: [...queryKeys.overview] });
  };
  const send = async ({ decision, digest, reason, key, forPersonId, breakGlass }: VoteInput) => {
    setState({ kind: 'sending', decision });
    const body: VoteBody = {
      decision,
      digest,
      ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
      ...(forPersonId === null ? {} : { forPersonId }),
      ...(breakGlass ? { breakGlass: true } : {}),
    };
    if (needsStepUp(record, decision, breakGlass)) {
      const proof = await stepUp.assert({ decision, digest, forPersonId, breakGlass });
      if (!proof.ok) {
        setState({ kind: 'refused', decision, problem: proof.error });
        return;
      }
      body.assertion = proof.value;
    }
    const answer = await api.send(
      'POST',
      `/api/v1/approvals/${encodeURIComponent(record.id)}/votes`,
      body,
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
