import type { ReactNode } from 'react';
import { cx } from './class-names.ts';

type SkeletonProps = {
  readonly className?: string;
  /** Drawn as a card with lines instead of one grey area: for what stands on the page by itself. */
  readonly card?: boolean;
};

/** As many lines as the tallest card of a page has room for; the card cuts off what its height does not show. */
const LINES = ['w-2/5', 'w-3/5', 'w-1/2', 'w-2/3', 'w-2/5', 'w-1/2', 'w-3/5', 'w-1/3', 'w-1/2'];

/** A grey bar where something will stand; size it by classes so that nothing jumps when the content comes. */
export function Skeleton({ className, card = false }: SkeletonProps) {
  if (!card) return <span aria-hidden="true" className={cx('block animate-breathe rounded-sm bg-line', className)} />;
  return (
    <span aria-hidden="true" className={cx('block overflow-clip rounded-lg border bg-panel', className)}>
      <span className="flex h-10 items-center border-b px-3.5">
        <Skeleton className="h-3 w-28" />
      </span>
      {LINES.map((width, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a fixed list that never changes
        <span key={i} className="flex h-11 items-center border-b px-3.5">
          <Skeleton className={cx('h-3', width)} />
        </span>
      ))}
    </span>
  );
}

type LoadingProps = { readonly text?: string; readonly className?: string; readonly children: ReactNode };

/** Something on its way: busy for a screen reader, which is told once, and skeletons for the eye. */
export function Loading({ text = 'Loading', className, children }: LoadingProps) {
  return (
    <div aria-busy="true" className={className}>
      <span role="status" className="sr-only">
        {text}
      </span>
      {children}
    </div>
  );
}
