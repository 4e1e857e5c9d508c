import { cx } from './class-names.ts';

/** A grey bar where something will stand; size it by classes so that nothing jumps when the content comes. */
export function Skeleton({ className }: { readonly className?: string }) {
  return <span aria-hidden="true" className={cx('block animate-breathe rounded-sm bg-line', className)} />;
}
