'use client';

import { Fragment, memo, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { piecesOf } from '#components/safe-text/hidden-runs.ts';
import { blocksOf, type TextBlock } from './text-blocks.ts';

const LINE_PX = 20;
const UNITS_A_LINE = 80;
const MARKS_A_LINE = 10;
/** With more hidden characters than this a block is drawn only when it comes near: each is several elements. */
const MOST_MARKS = 200;
const NEAR = { rootMargin: '800px 0px' };

type Draw = (text: string, near: boolean) => ReactNode;
type LongTextProps = {
  readonly text: string;
  /** Draws a part of it; `near` = it is in view or soon may be. */
  readonly draw: Draw;
  /** The block with this place in it counts as near. */
  readonly soughtAt?: number;
};

/**
 * A text of any length in the flow of a line. Of a long one every block is in the document, so that the browser finds,
 * copies and reads out all of it, but only what is in view costs layout: a megabyte opens like a page.
 */
export function LongText({ text, draw, soughtAt = -1 }: LongTextProps) {
  const blocks = useMemo(() => blocksOf(text), [text]);
  // The first and the last stand in the line: quotes and what has changed around them belong to it.
  return blocks.map((block, n) =>
    n === 0 || n === blocks.length - 1 ? (
      <Fragment key={block.at}>
        {draw(block.text, true)}
        {block.goesOn && <GoesOn />}
      </Fragment>
    ) : (
      <Block
        key={block.at}
        block={block}
        draw={draw}
        sought={block.at <= soughtAt && soughtAt < block.at + block.text.length}
      />
    ),
  );
}

type BlockProps = { readonly block: TextBlock; readonly draw: Draw; readonly sought: boolean };

const Block = memo(function Block({ block, draw, sought }: BlockProps) {
  const box = useRef<HTMLSpanElement>(null);
  const [seen, setSeen] = useState(false);
  const marks = useMemo(() => countMarks(block.text), [block.text]);
  useEffect(() => {
    if (seen || box.current === null) return;
    const watch = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true);
    }, NEAR);
    watch.observe(box.current);
    return () => watch.disconnect();
  }, [seen]);
  const near = seen || sought;
  const isDrawn = near || marks <= MOST_MARKS;
  const heightPx = guessLines(block.text, marks) * LINE_PX;
  return (
    <span
      ref={box}
      className="block [content-visibility:auto]"
      style={{ containIntrinsicBlockSize: `auto ${heightPx}px`, ...(isDrawn ? {} : { height: heightPx }) }}
    >
      {isDrawn && draw(block.text, near)}
      {block.goesOn && <GoesOn />}
    </span>
  );
});

/** A block ends where the text has no line break: said, because the break on the screen would be a lie. */
function GoesOn() {
  return (
    <span className="ml-1 select-none rounded-sm border border-line-strong px-1 font-sans text-2xs text-ink-3">
      the line goes on
    </span>
  );
}

function countMarks(text: string): number {
  return piecesOf(text, true).filter(({ kind }) => kind === 'hidden').length;
}

function guessLines(text: string, marks: number): number {
  const breaks = text.split('\n').length - 1;
  return Math.max(1, breaks, Math.ceil((text.length - marks) / UNITS_A_LINE) + Math.ceil(marks / MARKS_A_LINE));
}
