'use client';

import { useSyncExternalStore } from 'react';

const QUERY = '(pointer: coarse)';

/** Whether this screen is used with fingers. */
export function useCoarsePointer(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = window.matchMedia(QUERY);
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    () => window.matchMedia(QUERY).matches,
    () => false,
  );
}
