import type { ShareView } from '#lib/contracts/calibration.ts';
import { shareWords, worthWords } from './share-words.ts';

/** A share on a line from 0 to 1 with the interval around it; words beside it say the same. */
export function ShareMeter({ share }: { readonly share: ShareView }) {
  return (
    <span className="grid min-w-24 gap-1">
      <span className="tabular font-semibold">{shareWords(share)}</span>
      {share.share !== null && (
        <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" className="h-1.5 w-full">
          <rect x="0" y="2.5" width="100" height="1" className="fill-line-strong forced-colors:fill-[GrayText]" />
          <rect
            x={share.low * 100}
            y="1"
            width={Math.max(1, (share.high - share.low) * 100)}
            height="4"
            className="fill-accent-soft stroke-accent forced-colors:fill-[Canvas] forced-colors:stroke-[CanvasText]"
            vectorEffect="non-scaling-stroke"
          />
          <rect
            x={Math.min(98.5, share.share * 100)}
            y="0"
            width="1.5"
            height="6"
            className="fill-accent forced-colors:fill-[Highlight]"
          />
        </svg>
      )}
      <span className="text-ink-3 text-xs">{worthWords(share)}</span>
    </span>
  );
}
