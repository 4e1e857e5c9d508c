'use client';

import { Eye, Siren } from 'lucide-react';
import Link from 'next/link';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { plural } from '#lib/client/format.ts';
import { formatCountdown, formatSpan } from '#lib/client/time.ts';
import { useBreakGlass, useObserve } from '#lib/client/use-exceptions.ts';
import { useNow } from '#lib/client/use-now.ts';
import { runningWindows } from './observe-stage.ts';
import { observeScopeWords } from './scope-words.ts';
import { Strip } from './strip.tsx';

/** Somebody decides alone now, or did and nobody looked at it in time. */
export function BreakGlassBanner() {
  const sessions = useBreakGlass().data?.sessions ?? [];
  const now = useNow();
  const open = sessions.find((session) => session.active && Date.parse(session.endsAt) > now);
  if (open !== undefined && now > 0) {
    return (
      <Strip tone="danger" role="alert">
        <Siren aria-hidden="true" />
        <span className="min-w-0 flex-1">
          Break-glass: {open.mine ? 'you decide' : `${open.person} decides`} alone, “
          <SafeText text={open.reason} />” (<SafeText text={open.ticket} />)
        </span>
        {/* Not part of the announcement: it changes each second. */}
        <span aria-hidden="true" className="tabular">
          {formatCountdown(Date.parse(open.endsAt) - now)}
        </span>
        <Link href="/exceptions" className="shrink-0 underline underline-offset-2">
          Exceptions
        </Link>
      </Strip>
    );
  }
  const overdue = sessions.filter((session) => session.overdue);
  if (overdue.length === 0) return null;
  return (
    <Strip tone="warning">
      <Siren aria-hidden="true" />
      <span className="min-w-0 flex-1">
        <b className="font-semibold">{plural(overdue.length, 'break-glass session')} not reviewed in time.</b> Security
        reads what was decided and closes the review.
      </span>
      <Link href="/exceptions" className="link shrink-0">
        Review
      </Link>
    </Strip>
  );
}

/** Rules that only watch now: what would have been held or refused passes. */
export function ObserveBanner() {
  const items = useObserve().data?.items ?? [];
  const now = useNow();
  const running = now === 0 ? [] : runningWindows(items, now);
  const [first, ...more] = [...running].sort((a, b) => Date.parse(a.endsAt ?? '') - Date.parse(b.endsAt ?? ''));
  if (first === undefined || first.endsAt === null) return null;
  const passed = running.reduce((sum, window) => sum + window.wouldHold + window.wouldDeny, 0);
  return (
    <Strip tone="warning">
      <Eye aria-hidden="true" />
      <span className="min-w-0 flex-1">
        <b className="font-semibold">Observe, not enforce.</b> <SafeText text={observeScopeWords(first.scope)} />, for{' '}
        {formatSpan((Date.parse(first.endsAt) - now) / 1000)} more
        {more.length > 0 && ` (and ${more.length} more)`}. {plural(passed, 'call')} passed that would have been stopped.
      </span>
      <Link href="/exceptions" className="link shrink-0">
        Exceptions
      </Link>
    </Strip>
  );
}
