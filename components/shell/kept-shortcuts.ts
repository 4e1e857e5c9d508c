'use client';

import { useSyncExternalStore } from 'react';
import { type ChosenKeys, readChosen } from './shortcut-keys.ts';

/** What a person made of the keys in this browser. `off`: none is heard (WCAG 2.1.4: speech input users need that). */
export type KeptShortcuts = { readonly off: boolean; readonly chosen: ChosenKeys };

/** Until it is known who sits here no key is heard: a person who switched them off must not be surprised by one. */
const UNKNOWN: KeptShortcuts = { off: true, chosen: {} };
const PLAIN: KeptShortcuts = { off: false, chosen: {} };
const listeners = new Set<() => void>();
let personId: string | null = null;
let kept: KeptShortcuts = UNKNOWN;

function placeOf(id: string): string {
  return `cs-shortcuts.${id}`;
}

function read(id: string): KeptShortcuts {
  try {
    const parsed: unknown = JSON.parse(window.localStorage.getItem(placeOf(id)) ?? 'null');
    if (typeof parsed !== 'object' || parsed === null) return PLAIN;
    return {
      off: 'off' in parsed && parsed.off === true,
      chosen: readChosen('chosen' in parsed ? parsed.chosen : null),
    };
  } catch {
    return PLAIN;
  }
}

function publish(next: KeptShortcuts): void {
  kept = next;
  for (const call of listeners) call();
}

/** Says who sits here. People who share a browser do not share their keys. */
export function setShortcutPerson(id: string): void {
  if (id === personId) return;
  personId = id;
  publish(read(id));
}

/** Keeps what a person made of the keys, in this browser alone. */
export function keepShortcuts(next: KeptShortcuts): void {
  publish(next);
  if (personId === null) return;
  try {
    window.localStorage.setItem(placeOf(personId), JSON.stringify(next));
  } catch {
    // Storage is full or forbidden: it holds until this page is closed.
  }
}

/** What holds now, for a key that was just pressed. */
export function currentShortcuts(): KeptShortcuts {
  return kept;
}

/** What holds now, followed; a change in another tab counts here too. */
export function useKeptShortcuts(): KeptShortcuts {
  return useSyncExternalStore(
    (listener) => {
      const elsewhere = (event: StorageEvent) => {
        if (personId !== null && event.key === placeOf(personId)) publish(read(personId));
      };
      listeners.add(listener);
      window.addEventListener('storage', elsewhere);
      return () => {
        listeners.delete(listener);
        window.removeEventListener('storage', elsewhere);
      };
    },
    () => kept,
    () => UNKNOWN,
  );
}
