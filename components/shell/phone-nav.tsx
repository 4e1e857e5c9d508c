'use client';

import { Menu } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useState } from 'react';
import { cx } from '#components/ui/class-names.ts';
import { Dialog, DialogContent, DialogTrigger } from '#components/ui/dialog.tsx';
import { isCurrent, NAV_GROUPS } from './nav-items.ts';
import { usePendingCount } from './pending.ts';
import { NavList } from './side-nav.tsx';

const TABS = NAV_GROUPS.flatMap((group) => group.items).filter((item) =>
  ['/', '/approvals', '/audit'].includes(item.href),
);
const TAB = 'relative grid min-h-12 flex-1 content-center justify-items-center gap-0.5 text-2xs';

/** The bar at a phone's lower edge. It makes room for the decision bar while a request is open. */
export function PhoneNav() {
  const pathname = usePathname();
  const pending = usePendingCount();
  const [open, setOpen] = useState(false);
  if (/^\/approvals\/./.test(pathname)) return null;
  return (
    <nav
      aria-label="Main"
      className="sticky bottom-0 z-30 flex border-t bg-panel pb-[env(safe-area-inset-bottom)] desk:hidden [@media(max-height:26rem)]:static"
    >
      {TABS.map(({ href, text, Icon }) => {
        const current = isCurrent(href, pathname);
        return (
          <Link
            key={href}
            href={href}
            aria-current={current ? 'page' : undefined}
            className={cx(TAB, current ? 'font-semibold text-accent' : 'text-ink-2')}
          >
            <Icon aria-hidden="true" className="size-5" strokeWidth={1.8} />
            {text}
            {href === '/approvals' && pending !== null && pending !== '0' && (
              <span className="tabular absolute top-1 left-[calc(50%+0.375rem)] rounded-full bg-high px-1 font-semibold text-on-high leading-4">
                {pending}
                <span className="sr-only"> waiting</span>
              </span>
            )}
          </Link>
        );
      })}
      <Dialog open={open} onOpenChange={setOpen}>
        <DialogTrigger className={cx(TAB, 'text-ink-2')}>
          <Menu aria-hidden="true" className="size-5" strokeWidth={1.8} />
          Menu
        </DialogTrigger>
        <DialogContent title="Menu">
          <nav aria-label="All pages" className="[&_a]:min-h-10 [&_a]:text-base">
            <NavList onChoose={() => setOpen(false)} />
          </nav>
        </DialogContent>
      </Dialog>
    </nav>
  );
}
