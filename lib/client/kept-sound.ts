'use client';

import { useSyncExternalStore } from 'react';

const PLACE = 'cs-sound';
/** When a sound was made last, by any tab of this browser. */
const LAST = 'cs-sound-at';
const listeners = new Set<() => void>();

function read(place: string): string | null {
  try {
    return window.localStorage.getItem(place);
  } catch {
    return null;
  }
}

function write(place: string, text: string): void {
  try {
    window.localStorage.setItem(place, text);
  } catch {
    // Storage is full or forbidden: then it stays silent.
  }
}

function listen(call: () => void): () => void {
  listeners.add(call);
  window.addEventListener('storage', call);
  return () => {
    listeners.delete(call);
    window.removeEventListener('storage', call);
  };
}

/** Whether this browser makes a sound when a request comes in. Off until somebody turns it on here. */
export function useSound(): boolean {
  return useSyncExternalStore(
    listen,
    () => read(PLACE) === 'on',
    () => false,
  );
}

/** Turns the sound of this browser on or off, in all of its tabs. */
export function keepSound(on: boolean): void {
  write(PLACE, on ? 'on' : 'off');
  for (const call of listeners) call();
}

/** When this browser made a sound last, in milliseconds; 0 = never. */
export function lastSoundMs(): number {
  const at = Number(read(LAST));
  return Number.isFinite(at) ? at : 0;
}

/** Says to all tabs that a sound is made now. */
export function noteSound(nowMs: number): void {
  write(LAST, String(nowMs));
}
