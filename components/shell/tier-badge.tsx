import { cx } from '#components/ui/class-names.ts';
import type { Tier } from '#lib/core/risk/types.ts';

const LOOKS: Readonly<
  Record<Tier, { readonly word: string; readonly tone: string; readonly ink: string; readonly shape: string }>
> = {
  // An octagon, a diamond, a disc: told apart without colour, at 11 pixels.
  high: {
    word: 'High',
    tone: 'bg-high-soft',
    ink: 'text-high',
    shape: 'M3.6.5h4.8l3.1 3.1v4.8l-3.1 3.1H3.6L.5 8.4V3.6z',
  },
  medium: { word: 'Medium', tone: 'bg-medium-soft', ink: 'text-medium', shape: 'M6 .4 11.6 6 6 11.6 .4 6z' },
  low: { word: 'Low', tone: 'bg-low-soft', ink: 'text-low', shape: 'M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1z' },
};

function Shape({ tier, className }: { readonly tier: Tier; readonly className: string }) {
  return (
    <svg viewBox="0 0 12 12" aria-hidden="true" className={className}>
      <path d={LOOKS[tier].shape} fill="currentColor" />
    </svg>
  );
}

/** A tier as shape, word and colour. */
export function TierBadge({ tier }: { readonly tier: Tier }) {
  const look = LOOKS[tier];
  return (
    <span
      className={cx(
        'inline-flex h-5 items-center gap-1.5 whitespace-nowrap rounded-[0.3125rem] pr-1.5 pl-1 font-semibold text-xs forced-border',
        look.tone,
        look.ink,
      )}
    >
      <Shape tier={tier} className="size-[0.6875rem]" />
      {look.word}
    </span>
  );
}

/** A tier's word in its colour, beside a {@link TierMark} that has told screen readers already. */
export function TierWord({ tier }: { readonly tier: Tier }) {
  const { word, ink } = LOOKS[tier];
  return (
    <span aria-hidden="true" className={cx('font-semibold', ink)}>
      {word}
    </span>
  );
}

/** A tier as shape and colour, its word for screen readers: for dense rows, which show the {@link TierWord} further on. */
export function TierMark({ tier }: { readonly tier: Tier }) {
  const look = LOOKS[tier];
  return (
    <span className={cx('grid size-[1.125rem] place-items-center rounded-[0.3125rem]', look.tone, look.ink)}>
      <Shape tier={tier} className="size-[0.6875rem]" />
      <span className="sr-only">{look.word} tier: </span>
    </span>
  );
}
