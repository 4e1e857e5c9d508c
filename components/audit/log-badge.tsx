'use client';

import { Notice } from '#components/ui/notice.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { problemOf } from '#lib/client/api.ts';
import { formatCount } from '#lib/client/format.ts';
import { formatAbsolute } from '#lib/client/time.ts';
import type { AuditPage } from '#lib/contracts/audit.ts';
import { useTestimony } from './use-testimony.ts';

/** What this browser can say of the log as a whole; every reader is a witness. */
export function LogBadge({ head }: { readonly head: AuditPage['head'] | null }) {
  const query = useTestimony();
  if (query.data === undefined) {
    if (!query.isError) return <Skeleton card className="h-13" />;
    const problem = problemOf(query.error);
    if (problem.code !== 'not-found') return <ProblemNotice problem={problem} onRetry={() => void query.refetch()} />;
    return (
      <Notice title="No signed checkpoint yet">
        <p>The first one is signed within a minute of the first entry.</p>
      </Notice>
    );
  }
  const { testimony, at } = query.data;
  const signedAt = `Signed ${formatAbsolute(at)}`;
  const waiting = head !== null && head.waiting > 0 ? `, ${formatCount(head.waiting)} on the way in` : '';
  switch (testimony.kind) {
    case 'consistent':
      return (
        <Notice
          tone="good"
          title={`${formatCount(testimony.size)} entries, and nothing was changed since this browser first looked`}
        >
          <p>{`${signedAt}${waiting}. Checked here: the signature, and that today’s log extends the one seen on ${formatAbsolute(testimony.since)}.`}</p>
        </Notice>
      );
    case 'first-seen':
      return (
        <Notice title={`${formatCount(testimony.size)} entries under a valid signature`}>
          <p>{`${signedAt}${waiting}. This browser sees the log for the first time and remembers it from now on, to notice any change to the past.`}</p>
        </Notice>
      );
    case 'alarm':
      return (
        <Notice tone="danger" role="alert" title="The log does not fit what this browser saw before">
          <p>
            {testimony.reason} Do not trust it before security has looked: export it and verify it with the key kept
            elsewhere.
          </p>
        </Notice>
      );
    case 'cannot-check':
      return (
        <Notice
          tone="warning"
          title={
            head === null ? 'The log could not be checked here' : `${formatCount(head.size)} entries, not checked here`
          }
        >
          <p>{testimony.reason}</p>
        </Notice>
      );
  }
}
