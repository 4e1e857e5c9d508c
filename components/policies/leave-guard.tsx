'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogActions, DialogContent } from '#components/ui/dialog.tsx';

type LeaveGuardProps = { readonly dirty: boolean; readonly onLeave: () => void };

/** Asks before a link or a closed tab takes unsaved changes along. */
export function LeaveGuard({ dirty, onLeave }: LeaveGuardProps) {
  const router = useRouter();
  const [target, setTarget] = useState<string | null>(null);
  useEffect(() => {
    if (!dirty) return;
    const unload = (event: BeforeUnloadEvent) => event.preventDefault();
    const click = (event: MouseEvent) => {
      const href = internalTarget(event);
      if (href === null) return;
      event.preventDefault();
      event.stopPropagation();
      setTarget(href);
    };
    window.addEventListener('beforeunload', unload);
    // Before the router's own handlers, which would have left already.
    document.addEventListener('click', click, true);
    return () => {
      window.removeEventListener('beforeunload', unload);
      document.removeEventListener('click', click, true);
    };
  }, [dirty]);
  return (
    <Dialog open={target !== null} onOpenChange={(open) => !open && setTarget(null)}>
      <DialogContent title="Leave without saving?" description="Your changes of these rules are not saved yet.">
        <DialogActions>
          <Button
            variant="danger"
            onClick={() => {
              onLeave();
              if (target !== null) router.push(target);
              setTarget(null);
            }}
          >
            Leave and lose them
          </Button>
          <Button variant="primary" onClick={() => setTarget(null)}>
            Stay here
          </Button>
        </DialogActions>
      </DialogContent>
    </Dialog>
  );
}

/** Where a plain click on a link of ours leads, off this page; null for everything else. */
function internalTarget(event: MouseEvent): string | null {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  if (!(link instanceof HTMLAnchorElement) || link.target === '_blank' || link.hasAttribute('download')) return null;
  const url = new URL(link.href);
  if (url.origin !== window.location.origin || url.pathname === window.location.pathname) return null;
  return `${url.pathname}${url.search}${url.hash}`;
}
