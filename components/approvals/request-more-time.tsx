'use client';

import { Hourglass } from 'lucide-react';
import { Button } from '#components/ui/button.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { useNow } from '#lib/client/use-now.ts';
import type { ApprovalDetail } from '#lib/contracts/approvals.ts';
import { useRequestAction } from './use-request-action.ts';

/** More time for who reads slowly, offered when half of it is gone and only to those whom policy lets (WCAG 2.2.1). */
export function MoreTime({ record }: { readonly record: ApprovalDetail }) {
  const now = useNow();
  const extend = useRequestAction(record, 'extend');
  const wholeMs = Date.parse(record.expiresAt) - Date.parse(record.requestedAt);
  const leftMs = Date.parse(record.expiresAt) - now;
  const offered = record.terms.extendBar === null && now > 0 && leftMs > 0 && leftMs < wholeMs / 2;
  return (
    <>
      {offered && (
        <Button size="sm" variant="ghost" busy={extend.busy} onClick={() => void extend.run()}>
          <Hourglass aria-hidden="true" className="size-3.5" /> More time
        </Button>
      )}
      <span role="status" className="sr-only">
        {extend.answer !== undefined && 'It was given as much time again.'}
      </span>
      {extend.problem !== null && <ProblemNotice className="w-full" problem={extend.problem} />}
    </>
  );
}
