'use client';

import { OctagonX, Unplug, UserRound } from 'lucide-react';
import Link from 'next/link';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { useLive } from '#lib/client/live.ts';
import { formatClock, formatRelative, formatSpan } from '#lib/client/time.ts';
import { useMe } from '#lib/client/use-me.ts';
import { useNow } from '#lib/client/use-now.ts';
import { BreakGlassBanner, ObserveBanner } from './exception-banners.tsx';
import { useKillSwitch } from './kill-state.ts';
import { scopeWords } from './kill-words.ts';
import { Strip } from './strip.tsx';

/** What concerns every page: a dead line, stopped tools, rules put aside, a single reviewer. Worst first. */
export function Banners() {
  return (
    <section aria-label="Notices">
      <StaleBanner />
      <KilledBanner />
      <BreakGlassBanner />
      <ObserveBanner />
      <SoloBanner />
    </section>
  );
}

function StaleBanner() {
  const live = useLive();
  const now = useNow();
  if (live.state !== 'stale' || live.staleSince === null) return null;
  const since = new Date(live.staleSince).toISOString();
  return (
    <Strip tone="danger" role="alert">
      <Unplug aria-hidden="true" />
      <span className="min-w-0 flex-1">
        Stale since {formatClock(since)}: the server does not answer. Nothing can be approved until it does.
      </span>
      <span aria-hidden="true" className="tabular">
        {now > 0 && formatSpan((Date.now() - live.staleSince) / 1000)}
      </span>
    </Strip>
  );
}

function KilledBanner() {
  const killSwitch = useKillSwitch();
  const now = useNow();
  const on = killSwitch.data?.scopes.filter((scope) => scope.on) ?? [];
  const first = on[0];
  if (first === undefined) return null;
  const more = on.length - 1;
  return (
    <Strip tone="danger" role="alert">
      <OctagonX aria-hidden="true" />
      <span className="min-w-0 flex-1">
        {scopeWords(first.scope)} stopped by {first.by}
        {now > 0 && <span suppressHydrationWarning> {formatRelative(first.at, now)}</span>}: “
        <SafeText text={first.reason} />”{more > 0 && ` and ${more} more`}
      </span>
      <Link href="/kill-switch" className="shrink-0 underline underline-offset-2">
        Kill switch
      </Link>
    </Strip>
  );
}

function SoloBanner() {
  const me = useMe();
  if (me.data?.separation !== 'solo') return null;
  return (
    <Strip tone="quiet">
      <UserRound aria-hidden="true" />
      <span className="min-w-0 flex-1">
        <b className="font-semibold text-ink">Solo install.</b> One reviewer: you decide calls of your own agents, and
        every audit entry says so.
      </span>
      <Link href="/people" className="link shrink-0">
        Invite <span className="max-sm:sr-only">a second reviewer</span>
      </Link>
    </Strip>
  );
}
