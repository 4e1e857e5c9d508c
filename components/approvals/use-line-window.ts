'use client';

import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { type LineRange, offsetsOf, rangeInView, scrollToShow } from './line-window.ts';

const OVER = 8;
/** Before the list has a size: as much as a large screen shows. */
const FIRST_VIEW = { top: 0, height: 1200 };

export type LineWindow = {
  readonly range: LineRange;
  readonly offsets: readonly number[];
  readonly totalPx: number;
  /** Scrolls a line into view; it is in the document when this returns. */
  readonly show: (line: number) => void;
};

/** Follows which of the lines of a scrolling box are in view, so that only those need to exist. */
export function useLineWindow(scroller: RefObject<HTMLElement | null>, heights: readonly number[]): LineWindow {
  const offsets = useMemo(() => offsetsOf(heights), [heights]);
  const [view, setView] = useState(FIRST_VIEW);
  const at = useRef(offsets);
  useEffect(() => {
    at.current = offsets;
  }, [offsets]);
  const look = useCallback(() => {
    const box = scroller.current;
    if (box === null) return;
    const next = { top: box.scrollTop, height: box.clientHeight };
    setView((now) => (isSameRange(at.current, now, next) ? now : next));
  }, [scroller]);
  useLayoutEffect(() => {
    const box = scroller.current;
    if (box === null) return;
    look();
    const size = new ResizeObserver(look);
    size.observe(box);
    box.addEventListener('scroll', look, { passive: true });
    return () => {
      size.disconnect();
      box.removeEventListener('scroll', look);
    };
  }, [scroller, look]);
  const show = (line: number) => {
    const box = scroller.current;
    if (box === null) return;
    const now = { top: box.scrollTop, height: box.clientHeight };
    const top = scrollToShow(offsets, line, now);
    flushSync(() => setView({ ...now, top }));
    box.scrollTop = top;
  };
  return { range: rangeInView(offsets, view, OVER), offsets, totalPx: offsets.at(-1) ?? 0, show };
}

type View = { readonly top: number; readonly height: number };

function isSameRange(offsets: readonly number[], a: View, b: View): boolean {
  const [before, after] = [rangeInView(offsets, a, OVER), rangeInView(offsets, b, OVER)];
  return before.from === after.from && before.to === after.to;
}
