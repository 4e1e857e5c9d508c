import type { ElementType } from 'react';
import { cx } from '#components/ui/class-names.ts';
import { visibleSegments } from '#lib/core/text/visible.ts';

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
  let at = 0;
  return (
    <Tag dir="ltr" translate="no" className={cx('untrusted', multiline && 'whitespace-pre-wrap', className)}>
      {visibleSegments(text, { multiline }).map((segment) => {
        const key = at;
        at += segment.text.length;
        return segment.kind === 'text' ? (
          segment.text
        ) : (
          <HiddenMark key={key} code={segment.codePoint} name={segment.name} />
        );
      })}
    </Tag>
  );
}

/** The place where something invisible stands in the text. */
function HiddenMark({ code, name }: { readonly code: number; readonly name: string }) {
  const point = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return (
    <span
      title={`${point} ${name}`}
      className="mx-px rounded-sm border border-high-line bg-high-soft px-0.5 font-mono text-[0.7em] text-high"
    >
      {point}
      <span className="sr-only"> hidden character: {name}</span>
    </span>
  );
}
