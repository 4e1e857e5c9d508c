import { Notice } from '#components/ui/notice.tsx';
import type { CalibrationFigures } from '#lib/contracts/calibration.ts';
import { dwellWords } from './share-words.ts';

/** A word to somebody who approves nearly everything nearly unread; it says on what it rests and what follows: nothing. */
export function Nudge({ figures, own }: { readonly figures: CalibrationFigures; readonly own: boolean }) {
  const { decisions, approved, medianDwellS } = figures.lastWeek;
  return (
    <Notice
      tone="warning"
      title={own ? 'You approve nearly everything, fast' : `${figures.name} approves nearly everything, fast`}
    >
      {`In the last seven days ${approved} of ${decisions} decisions were approvals, half of them within ${dwellWords(medianDwellS)} of being opened.`}{' '}
      {own
        ? 'That may be right: perhaps the rules hold too much, and a grant or a narrower rule would spare you these. Or the arguments go by unread. Nothing changes by itself; security sees the same.'
        : 'It may mean that the rules hold too much and a narrower one would do, or that arguments go by unread: talk, rotate, or tighten what is held. Nothing changes by itself, and they see the same words.'}
    </Notice>
  );
}
