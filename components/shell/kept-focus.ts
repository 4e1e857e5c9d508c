'use client';

import { useEffect } from 'react';

/** Parts of a page that say their name when the focus comes to them. The list of what waits is one; a single line is not. */
const PLACES = 'article, form[aria-label], section[aria-label], [role=region], [role=dialog], nav, header, main';
/** Dialogs and trays put the focus back themselves, within a moment; this comes after them. */
const AFTER_MS = 60;

/**
 * Gives the focus a place when what had it goes away: a decided request, a confirmed restore, a deleted rule. Else it
 * falls to the document, the next Tab begins at the top, and a screen reader falls silent (WCAG 2.4.3). It goes to the
 * nearest named part around the place where it was; from a dialog, around what had it before.
 */
export function useKeptFocus(): void {
  useEffect(() => {
    let inside: readonly Element[] = [];
    let outside: readonly Element[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const remember = ({ target }: FocusEvent) => {
      if (!(target instanceof Element)) return;
      inside = pathOf(target);
      if (target.closest('[role=dialog]') === null) outside = inside;
    };
    const restore = () => {
      timer = undefined;
      if (!isLost(inside)) return;
      const place = [...inside, ...outside].find((one) => one.isConnected && one.matches(PLACES));
      focusPart(place ?? document.getElementById('main'));
    };
    // Told of every change on the page, also of fifty arrivals a second: it looks at two values and goes.
    const watch = new MutationObserver(() => {
      if (timer === undefined && isLost(inside)) timer = setTimeout(restore, AFTER_MS);
    });
    watch.observe(document.body, { childList: true, subtree: true });
    document.addEventListener('focusin', remember);
    return () => {
      clearTimeout(timer);
      watch.disconnect();
      document.removeEventListener('focusin', remember);
    };
  }, []);
}

/** Whether nothing has the focus because what had it is no longer in the document. */
function isLost(path: readonly Element[]): boolean {
  const [had] = path;
  const now = document.activeElement;
  return had !== undefined && !had.isConnected && (now === null || now === document.body);
}

/** An element and everything around it, nearest first. */
function pathOf(element: Element): readonly Element[] {
  const path: Element[] = [];
  for (let at: Element | null = element; at !== null && at !== document.body; at = at.parentElement) path.push(at);
  return path;
}

/** Focuses what is no control, without making it one: it is no stop for Tab, and takes no click afterwards. */
function focusPart(part: Element | null): void {
  if (!(part instanceof HTMLElement)) return;
  if (!part.hasAttribute('tabindex')) {
    part.tabIndex = -1;
    part.addEventListener('blur', () => part.removeAttribute('tabindex'), { once: true });
  }
  part.focus({ preventScroll: true });
}
