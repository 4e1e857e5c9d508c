'use client';

import { useEffect, useState } from 'react';

const ARMING_MS = 500;

/**
 * Whether a button may be pressed yet: false for half a second after `what` changed, or the page became visible or active
 * again, so that a click or key meant for something else cannot land on what just appeared there (T36, ASVS 2.4.2). What
 * lay over it may have been another site's window, which asked for a double click and closed itself at the first.
 */
export function useArmed(what: string): boolean {
  const [armed, setArmed] = useState<string | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const arm = () => {
      setArmed(null);
      clearTimeout(timer);
      if (document.visibilityState === 'visible') timer = setTimeout(() => setArmed(what), ARMING_MS);
    };
    arm();
    document.addEventListener('visibilitychange', arm);
    window.addEventListener('focus', arm);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('focus', arm);
      document.removeEventListener('visibilitychange', arm);
    };
  }, [what]);
  return armed === what;
}
