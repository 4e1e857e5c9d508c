'use client';

import { useEffect } from 'react';

/** Long after the page is there: the worker's own requests must not compete with it. */
const AFTER_MS = 2_500;

/** Puts the service worker in place: the offline page from now on, and pushes once somebody asks for them. */
export function ServiceWorker() {
  useEffect(() => {
    if (!('serviceWorker' in navigator)) return;
    const timer = setTimeout(() => {
      navigator.serviceWorker.register('/sw.js', { scope: '/', updateViaCache: 'none' }).catch(() => {
        // Without it the console works as before; the settings say that pushes are not available.
      });
    }, AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return null;
}
