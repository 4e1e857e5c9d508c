'use client';

import { formatAbsolute, formatRelative } from '#lib/client/time.ts';
import { useNow } from '#lib/client/use-now.ts';

/** A moment as distance from now; the exact time on hover and for screen readers that ask. */
export function When({ at, className }: { readonly at: string; readonly className?: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={formatAbsolute(at)} className={className} suppressHydrationWarning>
      {now === 0 ? formatAbsolute(at) : formatRelative(at, now)}
    </time>
  );
}
