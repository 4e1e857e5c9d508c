import type { ElementType } from 'react';
import { cx } from '#components/ui/class-names.ts';
import { formatCount } from '#lib/client/format.ts';
import { type Piece, piecesOf } from './hidden-runs.ts';

type SafeTextProps = {
  /** Text of an attacker: names, descriptions, arguments, reasons, results. */
  readonly text: string;
  readonly as?: 'span' | 'code' | 'p' | 'pre';
  /** Keeps line breaks and tabs as what they are. */
  readonly multiline?: boolean;
  readonly className?: string;
};

/**
 * Shows text that an attacker may have written. Only text nodes are made, so markup stays letters; what the eye cannot
 * see (controls, bidi overrides, zero-width and tag characters) stands there as a labelled marker and is not applied; the
 * box has its own direction, so nothing inside can reorder what stands around it.
 */
export function SafeText({ text, as = 'span', multiline = false, className }: SafeTextProps) {
  const Tag: ElementType = as;
  return (
    <Tag dir="ltr" translate="no" className={cx('untrusted', multiline && 'whitespace-pre-wrap', className)}>
      {piecesOf(text, multiline).map((piece) =>
        piece.kind === 'text' ? piece.text : <HiddenMark key={piece.at} marks={piece.marks} />,
      )}
    </Tag>
  );
}

/** The place where something invisible stands in the text; of many in a row the eye gets all, the ear their number. */
function HiddenMark({ marks }: { readonly marks: Extract<Piece, { kind: 'hidden' }>['marks'] }) {
  const names = [...new Set(marks.map(({ name }) => name))].join(', ');
  const points = marks.map(({ codePoint }) => `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`).join(' ');
  const isRun = marks.length > 1;
  return (
    <span
      title={isRun ? `${formatCount(marks.length)} hidden characters: ${names}` : `${points} ${names}`}
      className="mx-px rounded-sm border border-high-line bg-high-soft px-0.5 font-mono text-[0.7em] text-high"
    >
      <span aria-hidden={isRun}>{points}</span>
      <span className="sr-only">
        {isRun ? ` ${formatCount(marks.length)} hidden characters: ${names}` : ` hidden character: ${names}`}
      </span>
    </span>
  );
}
