'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { cx } from '#components/ui/class-names.ts';
import { Brand } from './brand.tsx';
import { isCurrent, NAV_GROUPS, type NavItem } from './nav-items.ts';
import { usePendingCount } from './pending.ts';

/** The sidebar of a desk. */
export function SideNav() {
  return (
    <nav aria-label="Main" className="hidden flex-col overflow-y-auto border-r bg-sunken px-2.5 py-3.5 desk:flex">
      <Link href="/" className="mb-3 rounded-md px-2 py-0.5">
        <Brand />
      </Link>
      <NavList />
    </nav>
  );
}

/** All places with their headings; also the content of the phone's menu. */
export function NavList({ onChoose }: { readonly onChoose?: () => void }) {
  const pathname = usePathname();
  const pending = usePendingCount();
  return (
    <div className="grid gap-px">
      {NAV_GROUPS.map((group) => (
        <div key={group.heading ?? 'top'} className="grid gap-px">
          {group.heading !== null && <p className="px-2 pt-3.5 pb-1 text-2xs text-ink-3">{group.heading}</p>}
          {group.items.map((item) => (
            <NavLink
              key={item.href}
              item={item}
              current={isCurrent(item.href, pathname)}
              count={item.href === '/approvals' ? pending : null}
              {...(onChoose === undefined ? {} : { onChoose })}
            />
          ))}
        </div>
      ))}
    </div>
  );
}

function NavLink({
  item,
  current,
  count,
  onChoose,
}: {
  readonly item: NavItem;
  readonly current: boolean;
  readonly count: string | null;
  readonly onChoose?: () => void;
}) {
  return (
    <Link
      href={item.href}
      {...(onChoose === undefined ? {} : { onClick: onChoose })}
      aria-current={current ? 'page' : undefined}
      className={cx(
        'flex min-h-7 items-center gap-2.5 rounded-md px-2 py-1 text-sm',
        current ? 'bg-panel font-semibold text-ink ring-1 ring-line' : 'text-ink-2 hover:bg-panel hover:text-ink',
      )}
    >
      <item.Icon
        aria-hidden="true"
        className={cx('size-[0.9375rem]', current ? 'text-accent' : 'text-ink-3')}
        strokeWidth={1.9}
      />
      {item.text}
      {count !== null && count !== '0' && (
        <span className={cx('tabular ml-auto text-xs', current ? 'font-semibold text-high' : 'font-medium text-ink-2')}>
          {count}
          <span className="sr-only"> waiting</span>
        </span>
      )}
    </Link>
  );
}
