import { cx } from './class-names.ts';

const PIPS_AT_MOST = 8;

/** Filled and empty pips: a picture of words that stand beside it. */
export function Pips({ needed, filled }: { readonly needed: number; readonly filled: number }) {
  return (
    <span aria-hidden="true" className="flex gap-1">
      {Array.from({ length: Math.min(needed, PIPS_AT_MOST) }, (_, at) => (
        <i
          // biome-ignore lint/suspicious/noArrayIndexKey: pips have no identity beyond their place
          key={at}
          className={cx('forced-border h-1.5 w-5 rounded-full', at < filled ? 'bg-accent' : 'bg-line-strong')}
        />
      ))}
    </span>
  );
}
