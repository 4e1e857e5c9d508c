'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Card } from '#components/ui/card.tsx';
import { Fact, Facts } from '#components/ui/facts.tsx';
import { When } from '#components/ui/when.tsx';
import { formatCount } from '#lib/client/format.ts';
import { formatSpan } from '#lib/client/time.ts';
import type { IncidentDetail } from '#lib/contracts/incidents.ts';
import { kindWords } from '#lib/core/incidents/kinds.ts';

/** What it is about, and when what happened. */
export function AboutCard({ incident }: { readonly incident: IncidentDetail }) {
  const { openedAt, acknowledgedAt, resolvedAt, subject } = incident;
  return (
    <Card title="About it">
      <Facts>
        <Fact name="Kind">{kindWords(incident.kind)}</Fact>
        <Fact name="Signals">
          <span className="tabular">{formatCount(incident.count)}</span>
        </Fact>
        <Fact name="Opened">
          <When at={openedAt} />
          {incident.openedBy !== null && ` by ${incident.openedBy}`}
        </Fact>
        {incident.count > 1 && (
          <Fact name="Last seen">
            <When at={incident.lastSeenAt} />
          </Fact>
        )}
        <Fact name="Taken">{acknowledgedAt === null ? 'not yet' : `after ${span(openedAt, acknowledgedAt)}`}</Fact>
        {resolvedAt !== null && <Fact name="Over">{`after ${span(openedAt, resolvedAt)}`}</Fact>}
        <Fact name="Ends by">{incident.closes === 'evidence' ? 'evidence alone' : 'whoever has it'}</Fact>
        {LINKS.flatMap(({ member, name, href }) => {
          const value = subject[member];
          return value === undefined
            ? []
            : [
                <Fact key={member} name={name}>
                  <Found href={href?.(value)}>
                    <SafeText text={value} className={member.endsWith('Id') ? 'font-mono text-xs' : ''} />
                  </Found>
                </Fact>,
              ];
        })}
      </Facts>
    </Card>
  );
}

type Row = { readonly member: string; readonly name: string; readonly href?: (value: string) => string };

/** What is shown of the subject, and where the console has more of it. */
const LINKS: readonly Row[] = [
  { member: 'scope', name: 'Scope', href: () => '/kill-switch' },
  { member: 'agent', name: 'Agent', href: (name) => `/agents/${encodeURIComponent(name)}` },
  { member: 'session', name: 'Session', href: (id) => `/audit?session=${encodeURIComponent(id)}` },
  { member: 'server', name: 'Server', href: (name) => `/servers/${encodeURIComponent(name)}` },
  { member: 'tool', name: 'Tool' },
  { member: 'host', name: 'Destination' },
  { member: 'callId', name: 'Call', href: (id) => `/audit?call=${encodeURIComponent(id)}` },
  { member: 'requestId', name: 'Request', href: (id) => `/approvals/${encodeURIComponent(id)}` },
  { member: 'runId', name: 'Run', href: (id) => `/red-team/${encodeURIComponent(id)}` },
];

function Found({ href, children }: { readonly href: string | undefined; readonly children: ReactNode }) {
  return href === undefined ? (
    children
  ) : (
    <Link href={href} className="link">
      {children}
    </Link>
  );
}

function span(from: string, to: string): string {
  return formatSpan(Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000));
}
