'use client';

import { api, nothingSchema } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useWrite } from '#lib/client/use-write.ts';
import type { ApprovalDetail } from '#lib/contracts/approvals.ts';

/** What a person does with a request beyond voting, bound to the digest on the screen. Also refetches what a refusal left stale. */
export function useRequestAction(record: ApprovalDetail, action: 'withdraw-vote' | 'veto' | 'escalate' | 'extend') {
  const write = useWrite(
    (reason: string) =>
      api.send(
        'POST',
        `/api/v1/approvals/${encodeURIComponent(record.id)}/${action}`,
        { digest: record.digest, ...(reason === '' ? {} : { reason }) },
        nothingSchema,
      ),
    [queryKeys.approvals.all, queryKeys.overview],
  );
  return { ...write, run: (reason = '') => write.run(reason) };
}
