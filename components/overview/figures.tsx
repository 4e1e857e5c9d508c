'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { cx } from '#components/ui/class-names.ts';
import { formatCount, plural } from '#lib/client/format.ts';
import { formatCountdown, formatSpan } from '#lib/client/time.ts';
import { useNow } from '#lib/client/use-now.ts';
import type { Overview } from '#lib/contracts/overview.ts';

function Figure({
  name,
  href,
  value,
  alarm = false,
  children,
}: {
  readonly name: string;
  readonly href: string;
  readonly value: ReactNode;
  readonly alarm?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <Link
      href={href}
      className="group grid flex-1 basis-[9.5rem] content-start gap-0.5 bg-panel px-3.5 py-3 hover:bg-sunken focus-visible:-outline-offset-2"
    >
      <span className="text-ink-3 text-xs">{name}</span>
      <span className={cx('tabular font-semibold text-2xl tracking-tight', alarm ? 'text-high' : 'text-ink')}>
        {value}
      </span>
      <span className="text-ink-2 text-xs">{children}</span>
    </Link>
  );
}

/** The four numbers somebody opens the console for; each leads to what it counts. */
export function Figures({ data }: { readonly data: Overview }) {
  const now = useNow();
  const { pending, last24h, servers, log } = data;
  const left = pending.soonestExpiresAt === null ? null : Date.parse(pending.soonestExpiresAt) - now;
  const attention = servers.toolsWaiting + servers.drifted;
  return (
    <div className="flex flex-wrap gap-px overflow-clip rounded-lg border bg-line">
      <Figure name="Waiting for a person" href="/approvals" value={formatCount(pending.total)} alarm={pending.high > 0}>
        {pending.total === 0
          ? 'Nothing is held now'
          : `${pending.high} high risk${left === null || left <= 0 || now === 0 ? '' : `, the next ends in ${formatCountdown(left)}`}`}
      </Figure>
      <Figure name="Calls, last 24 hours" href="/audit?type=call.intent" value={formatCount(last24h.calls)}>
        {`${formatCount(last24h.held)} held, ${formatCount(last24h.denied)} refused`}
      </Figure>
      <Figure
        name="Median time to decide"
        href="/approvals"
        value={last24h.medianDecisionS === null ? '\u2013' : formatSpan(last24h.medianDecisionS)}
      >
        {last24h.medianDecisionS === null ? 'No decision in 24 hours' : 'from asked to decided, 24 hours'}
      </Figure>
      <Figure name="Tools to look at" href="/servers" value={formatCount(attention)} alarm={servers.drifted > 0}>
        {!data.setUp.hasServer
          ? 'No server yet'
          : attention === 0
            ? 'Every tool found is accepted'
            : `${servers.toolsWaiting} new, ${servers.drifted} changed`}
      </Figure>
      <Figure name="Log" href="/audit" value={formatCount(log.size)}>
        {log.waiting > 0 ? `entries, ${plural(log.waiting, 'event')} on the way in` : 'entries, none waiting'}
      </Figure>
    </div>
  );
}
