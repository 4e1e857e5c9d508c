'use client';

import { useEffect, useRef, useSyncExternalStore } from 'react';

/** Keys as the reader presses them: `j`, `Enter`, `?`, or two in a row, `g k`. */
export type Shortcuts = Readonly<Record<string, (event: KeyboardEvent) => void>>;

const OFF_KEY = 'cs-shortcuts-off';
const SEQUENCE_MS = 1200;
const switchListeners = new Set<() => void>();

function readOff(): boolean {
  return window.localStorage.getItem(OFF_KEY) === '1';
}

/** Turns single-key shortcuts on or off in this browser (WCAG 2.1.4: speech input users need them off). */
export function setShortcutsOff(off: boolean): void {
  if (off) window.localStorage.setItem(OFF_KEY, '1');
  else window.localStorage.removeItem(OFF_KEY);
  for (const call of switchListeners) call();
}

/** Whether single-key shortcuts are off in this browser. */
export function useShortcutsOff(): boolean {
  return useSyncExternalStore(
    (listener) => {
      switchListeners.add(listener);
      return () => switchListeners.delete(listener);
    },
    readOff,
    () => false,
  );
}

/** Whether a key belongs to something else: a text being typed, an input method, a dialog, a menu. */
function isTaken(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return true;
  const target = event.target;
  if (target instanceof HTMLElement) {
    if (target.isContentEditable || target.closest('input,textarea,select,[role=menu],[role=listbox]') !== null)
      return true;
    // Enter and Space press a focused button or follow a link; a shortcut must not do a second thing.
    if ((event.key === 'Enter' || event.key === ' ') && target.closest('a,button,summary,[role=button]') !== null)
      return true;
  }
  return document.querySelector('[role=dialog],[role=alertdialog],[role=menu]') !== null;
}

/** Listens for keys while mounted. Nothing is heard while somebody types, composes, or has a dialog open. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const current = useRef(shortcuts);
  useEffect(() => {
    current.current = shortcuts;
  });
  useEffect(() => {
    let first: { readonly key: string; readonly at: number } | null = null;
    const press = (event: KeyboardEvent) => {
      if (isTaken(event) || readOff()) return;
      const pair = first !== null && event.timeStamp - first.at < SEQUENCE_MS ? `${first.key} ${event.key}` : null;
      first = { key: event.key, at: event.timeStamp };
      const act =
        (pair !== null ? current.current[pair] : undefined) ??
        (pair === null || !startsPair(pair) ? current.current[event.key] : undefined);
      if (act === undefined) return;
      first = null;
      // A held key repeats; moving may repeat, deciding may not.
      if (event.repeat && event.key !== 'j' && event.key !== 'k') return;
      event.preventDefault();
      act(event);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}

/** After `g`, the next key is the second of a pair and never a command of its own: `g d` must not open a denial. */
function startsPair(pair: string): boolean {
  return pair.startsWith('g ');
}
