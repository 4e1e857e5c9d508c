'use client';

import { usePathname } from 'next/navigation';
import { useCallback } from 'react';
import { cx } from '#components/ui/class-names.ts';
import { Inbox } from './inbox.tsx';
import { NothingOpen } from './nothing-open.tsx';
import { RequestPane } from './request-pane.tsx';
import { addressOf } from './use-inbox-address.ts';

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
        {openId === null ? <NothingOpen /> : <RequestPane key={openId} id={openId} onClose={close} />}
      </div>
    </div>
  );
}
