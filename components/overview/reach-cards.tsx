'use client';

import Link from 'next/link';
import { AgeRing, AgeWords } from '#components/ui/age-ring.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Card } from '#components/ui/card.tsx';
import { Fact, Facts } from '#components/ui/facts.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { formatCount, plural } from '#lib/client/format.ts';
import { useCredentials } from '#lib/client/lists/use-credentials.ts';
import { useBlockedHours, useEgress } from '#lib/client/lists/use-egress.ts';
import type { CredentialView } from '#lib/contracts/credentials.ts';

const SHOWN = 3;

/** What ends first, or has ended: the work of this week. */
export function EndingCard() {
  const query = useCredentials();
  return (
    <Card
      title="Credentials about to end"
      aside={
        <Link href="/credentials" className="link target">
          Credentials
        </Link>
      }
      flush
    >
      <Loaded query={query} skeleton={<Skeleton className="m-3.5 h-16" />}>
        {({ items }) => {
          const ending = items
            .filter(({ status }) => status === 'ending' || status === 'ended' || status === 'failed')
            .toSorted((a, b) => Date.parse(a.endsAt ?? a.createdAt) - Date.parse(b.endsAt ?? b.createdAt));
          if (ending.length === 0) {
            const live = items.filter(({ status }) => status === 'active').length;
            return (
              <p className="px-3.5 py-3 text-ink-2">
                {live === 0 ? 'No server needs a secret yet.' : `None of ${live} ends within two weeks.`}
              </p>
            );
          }
          return (
            <>
              <ul>
                {ending.slice(0, SHOWN).map((one) => (
                  <EndingRow key={one.id} credential={one} />
                ))}
              </ul>
              {ending.length > SHOWN && (
                <p className="border-t px-3.5 py-2 text-ink-3 text-xs">{`and ${ending.length - SHOWN} more`}</p>
              )}
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}

function EndingRow({ credential }: { readonly credential: CredentialView }) {
  const { id, name, server, createdAt, endsAt, status } = credential;
  return (
    <li className="border-b last:border-b-0">
      <Link
        href={`/credentials/${id}`}
        className="flex items-center gap-3 px-3.5 py-2 hover:bg-sunken focus-visible:-outline-offset-2"
      >
        <AgeRing since={createdAt} endsAt={endsAt} />
        <span className="min-w-0 flex-1">
          <span className="block truncate font-semibold">{name}</span>
          <span className="block truncate text-ink-3 text-xs">for {server}</span>
        </span>
        {status === 'failed' ? <Badge tone="danger">refused</Badge> : <AgeWords since={createdAt} endsAt={endsAt} />}
      </Link>
    </li>
  );
}

/** How much is open to the outside, and what was refused. */
export function EgressCard() {
  const hours = useBlockedHours();
  const list = useEgress();
  return (
    <Card
      title="Egress"
      aside={
        <Link href="/egress" className="link target">
          Allowlist
        </Link>
      }
    >
      <Loaded query={hours} skeleton={<Skeleton className="h-10" />}>
        {({ items }) => {
          const denied = items.reduce((sum, hour) => sum + hour.denied, 0);
          return (
            <Facts>
              <Fact name="Refused, 24 hours">
                {denied === 0 ? (
                  'nothing'
                ) : (
                  <Link href="/egress?view=blocked">
                    <Badge tone="danger">{plural(denied, 'refusal')}</Badge>
                  </Link>
                )}
              </Fact>
              <Fact name="Destinations on the list">
                <span className="tabular">
                  {list.data === undefined ? '\u2013' : formatCount(list.data.items.length)}
                </span>
              </Fact>
            </Facts>
          );
        }}
      </Loaded>
    </Card>
  );
}
