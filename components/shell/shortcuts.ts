'use client';

import { useEffect, useRef } from 'react';
import { currentShortcuts } from './kept-shortcuts.ts';
import { commandOf, isPair } from './shortcut-keys.ts';

/** What commands do, by the key they have unless somebody chose another (shortcut-keys.ts): `j`, `Enter`, `?`, `g k`. */
export type Shortcuts = Readonly<Record<string, (event: KeyboardEvent) => void>>;

const SEQUENCE_MS = 1200;
/** A held key repeats; moving may repeat, deciding may not. */
const MAY_REPEAT: ReadonlySet<string> = new Set(['j', 'k']);

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
      const { off, chosen } = currentShortcuts();
      if (isTaken(event) || off) return;
      // After `g`, the next key is the second of a pair and never a command of its own: `g d` must not open a denial.
      const inPair = first !== null && first.key === 'g' && event.timeStamp - first.at < SEQUENCE_MS;
      const command = commandOf(chosen, inPair ? `g ${event.key}` : event.key);
      first = { key: event.key, at: event.timeStamp };
      if (command === null || isPair(command) !== inPair) return;
      const act = current.current[command];
      if (act === undefined) return;
      first = null;
      if (event.repeat && !MAY_REPEAT.has(command)) return;
      event.preventDefault();
      act(event);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}
