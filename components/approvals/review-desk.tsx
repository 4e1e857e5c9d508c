'use client';

import { usePathname } from 'next/navigation';
import { lazy, Suspense, useCallback, useEffect } from 'react';
import { cx } from '#components/ui/class-names.ts';
import { Inbox } from './inbox.tsx';
import { NothingOpen } from './nothing-open.tsx';
import { RequestPlaceholder } from './request-placeholder.tsx';
import { addressOf } from './use-inbox-address.ts';

const loadPane = () => import('./request-pane.tsx').then((file) => ({ default: file.RequestPane }));
/** The list is read first; what shows one request comes beside it. */
const RequestPane = lazy(loadPane);
/** So soon after the list stands still, the code of a request is fetched: opening the first one must not wait for it. */
const KEEP_READY_MS = 1000;

/** Which request the address names. */
function openIdOf(pathname: string): string | null {
  const id = /^\/approvals\/([^/]+)$/.exec(pathname)?.[1];
  return id === undefined ? null : decodeURIComponent(id);
}

/** List and request side by side on a desk, one after the other on a phone. */
export function ReviewDesk() {
  const openId = openIdOf(usePathname());
  // The address changes without asking the server for a page: opening a request costs one API call and no more.
  const open = useCallback((id: string) => window.history.pushState(null, '', addressOf(id)), []);
  const close = useCallback(() => window.history.pushState(null, '', addressOf(null)), []);
  useEffect(() => {
    const timer = setTimeout(() => void loadPane().catch(() => undefined), KEEP_READY_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="desk:grid desk:h-full desk:grid-cols-[22.5rem_minmax(0,1fr)]">
      <div
        className={cx(
          'min-h-0 desk:flex desk:flex-col desk:border-r desk:bg-panel',
          openId !== null && 'max-desk:hidden',
        )}
      >
        <Inbox openId={openId} onOpen={open} />
      </div>
      <div className={cx('min-h-0 min-w-0', openId === null && 'max-desk:hidden')}>
        {openId === null ? (
          <NothingOpen />
        ) : (
          <Suspense fallback={<RequestPlaceholder />}>
            <RequestPane key={openId} id={openId} onClose={close} />
          </Suspense>
        )}
      </div>
    </div>
  );
}
