import type { ReactNode } from 'react';
import { cx } from './class-names.ts';

type EmptyStateProps = {
  readonly icon?: ReactNode;
  readonly title: ReactNode;
  readonly children?: ReactNode;
  /** What to do next: a button or a link. */
  readonly action?: ReactNode;
  readonly className?: string;
};

/** Nothing here, why that is, and what leads on. */
export function EmptyState({ icon, title, children, action, className }: EmptyStateProps) {
  return (
    <div className={cx('mx-auto grid max-w-md justify-items-center gap-2 px-6 py-12 text-center', className)}>
      {icon !== undefined && (
        <span className="mb-1 grid size-10 place-items-center rounded-xl border bg-sunken text-ink-3 [&_svg]:size-5">
          {icon}
        </span>
      )}
      <p className="font-semibold text-base">{title}</p>
      {children !== undefined && <div className="text-pretty text-ink-2 text-sm">{children}</div>}
      {action !== undefined && <div className="mt-3">{action}</div>}
    </div>
  );
}
