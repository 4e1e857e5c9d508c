'use client';

const MOST = 6;
const PLACE = 'cs-recent';

/** What was opened from the palette lately, newest first: our own ids of things, no names. Forgotten with the tab. */
export function readRecent(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(window.sessionStorage.getItem(PLACE) ?? '[]');
    return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string').slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/** Puts one in front. */
export function keepRecent(id: string): void {
  const next = [id, ...readRecent().filter((one) => one !== id)].slice(0, MOST);
  try {
    window.sessionStorage.setItem(PLACE, JSON.stringify(next));
  } catch {
    // Storage is full or forbidden: the list is a convenience.
  }
}
