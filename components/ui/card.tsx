import type { ReactNode } from 'react';
import { cx } from './class-names.ts';

type CardProps = {
  readonly title?: ReactNode;
  /** A few words at the right of the title. */
  readonly aside?: ReactNode;
  readonly flush?: boolean;
  readonly className?: string;
  readonly level?: 2 | 3;
  readonly children: ReactNode;
};

/** A bordered group with a heading. `flush` = the content draws its own padding. */
export function Card({ title, aside, flush = false, className, level = 2, children }: CardProps) {
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <section className={cx('min-w-0 overflow-clip rounded-lg border bg-panel', className)}>
      {title !== undefined && (
        <header className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 border-b px-3.5 py-1.5">
          <Heading className="font-semibold text-ink-2 text-xs">{title}</Heading>
          {aside !== undefined && <div className="ml-auto text-ink-3 text-xs">{aside}</div>}
        </header>
      )}
      <div className={flush ? undefined : 'px-3.5 py-3'}>{children}</div>
    </section>
  );
}
