'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { type ReactNode, useEffect, useRef } from 'react';
import { cx } from '#components/ui/class-names.ts';
import { SECTIONS } from './sections.ts';

/** The settings' own list beside their pages; on a phone a strip above them that scrolls by itself. */
export function SettingsFrame({ children }: { readonly children: ReactNode }) {
  return (
    <div className="mx-auto max-w-5xl desk:grid desk:grid-cols-[12.5rem_minmax(0,1fr)]">
      <SectionList />
      <div className="min-w-0">{children}</div>
    </div>
  );
}

function SectionList() {
  const pathname = usePathname();
  const strip = useRef<HTMLElement>(null);
  // Seven of ten sections lie outside a phone's width: the one that is open is brought into view.
  useEffect(() => {
    const list = strip.current;
    const current = list?.querySelector<HTMLElement>('[aria-current]');
    if (list === null || current === null || current === undefined) return;
    list.scrollLeft = current.offsetLeft - 16;
  }, []);
  return (
    <nav
      ref={strip}
      aria-label="Settings"
      className="relative flex gap-1 overflow-x-auto border-b px-3 py-2 desk:block desk:self-start desk:overflow-visible desk:border-b-0 desk:py-6 desk:pr-0 desk:pl-4"
    >
      {SECTIONS.map((group) => (
        <div key={group.heading} className="flex shrink-0 gap-1 desk:mb-3 desk:grid desk:gap-px">
          <p className="hidden px-2 pb-1 text-2xs text-ink-3 desk:block">{group.heading}</p>
          {group.items.map(({ href, text, Icon }) => {
            const current = href === '/settings' ? pathname === href : pathname.startsWith(href);
            return (
              <Link
                key={href}
                href={href}
                aria-current={current ? 'page' : undefined}
                className={cx(
                  'flex min-h-8 items-center gap-2 whitespace-nowrap rounded-md px-2 text-sm focus-visible:-outline-offset-2 desk:min-h-7',
                  current ? 'bg-accent-soft font-semibold text-accent' : 'text-ink-2 hover:bg-sunken hover:text-ink',
                )}
              >
                <Icon aria-hidden="true" className="size-3.5 shrink-0" strokeWidth={1.9} />
                {text}
              </Link>
            );
          })}
        </div>
      ))}
    </nav>
  );
}
