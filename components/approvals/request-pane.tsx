'use client';

import { ArrowLeft } from 'lucide-react';
import { useEffect } from 'react';
import { useShortcuts } from '#components/shell/shortcuts.ts';
import { buttonClasses } from '#components/ui/button-classes.ts';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { problemOf } from '#lib/client/api.ts';
import { RequestPlaceholder } from './request-placeholder.tsx';
import { RequestView } from './request-view.tsx';
import { useApproval } from './use-approval.ts';

type RequestPaneProps = { readonly id: string; readonly onClose: () => void };

/** The open request: loading, refused, gone, or there. */
export function RequestPane({ id, onClose }: RequestPaneProps) {
  const query = useApproval(id);
  useShortcuts({ Escape: onClose });
  const title = query.data === undefined ? null : `${query.data.server} · ${query.data.tool}`;
  useEffect(() => {
    if (title === null) return;
    const before = document.title;
    document.title = `${title} · Countersign`;
    return () => {
      document.title = before;
    };
  }, [title]);
  const back = (
    <a
      href="/approvals"
      onClick={(event) => {
        event.preventDefault();
        onClose();
      }}
      className="inline-flex h-9 items-center gap-1.5 px-4 font-medium text-ink-2 desk:hidden"
    >
      <ArrowLeft aria-hidden="true" className="size-4" />
      All requests
    </a>
  );
  if (query.data !== undefined) {
    // A server that cannot be reached is said once, by the line's state and the banner.
    const problem = query.isError ? problemOf(query.error) : null;
    const failed = problem?.code === 'unreachable' ? null : problem;
    return <RequestView record={query.data} back={back} refreshProblem={failed} onRetry={() => void query.refetch()} />;
  }
  if (query.isError) {
    const problem = problemOf(query.error);
    return (
      <div className="p-6">
        {back}
        {problem.code === 'not-found' ? (
          <EmptyState
            title="There is no such request"
            action={
              <a href="/approvals" className={buttonClasses()}>
                All requests
              </a>
            }
          >
            The link may be from another installation, or the record is past its retention.
          </EmptyState>
        ) : (
          <ProblemNotice problem={problem} onRetry={() => void query.refetch()} />
        )}
      </div>
    );
  }
  return (
    <>
      {back}
      <RequestPlaceholder />
    </>
  );
}
