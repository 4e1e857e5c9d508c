'use client';

import { CircleCheck, Dumbbell, History } from 'lucide-react';
import Link from 'next/link';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { When } from '#components/ui/when.tsx';
import { formatCount } from '#lib/client/format.ts';
import { formatSpan } from '#lib/client/time.ts';
import type { Incident, IncidentFolder, IncidentsPage } from '#lib/contracts/incidents.ts';
import { kindWords } from '#lib/core/incidents/kinds.ts';
import { DrillBadge, SeverityBadge, StateBadge } from './incident-marks.tsx';

type ListProps = {
  readonly folder: IncidentFolder;
  readonly pages: readonly IncidentsPage[];
  readonly onDrill: () => void;
};

/** A folder of incidents, or what leads on where it is empty. */
export function IncidentList({ folder, pages, onDrill }: ListProps) {
  const items = pages.flatMap((page) => page.items);
  return (
    <Card flush>
      {items.length === 0 ? (
        <None folder={folder} lastDrillAt={pages[0]?.lastDrillAt ?? null} onDrill={onDrill} />
      ) : (
        <Table caption="Incidents" reflow>
          <thead>
            <tr>
              <Th>What</Th>
              <Th>How urgent</Th>
              <Th>{folder === 'open' ? 'Who has it' : 'How it stands'}</Th>
              <Th className="text-right">Signals</Th>
              <Th>{folder === 'open' ? 'Last seen' : 'Times'}</Th>
            </tr>
          </thead>
          <tbody>
            {items.map((incident) => (
              <IncidentRow key={incident.id} incident={incident} folder={folder} />
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  );
}

function IncidentRow({ incident, folder }: { readonly incident: Incident; readonly folder: IncidentFolder }) {
  const { id, kind, title, severity, drill, count, resolution } = incident;
  return (
    <Tr>
      <Td className="sm:min-w-72">
        <Link href={`/incidents/${id}`} className="link font-semibold [overflow-wrap:anywhere]">
          <SafeText text={title} />
        </Link>
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1 text-ink-3 text-xs">
          {drill && <DrillBadge />}
          {kindWords(kind)}
        </span>
        {resolution !== null && <SafeText as="p" text={resolution} className="mt-1 line-clamp-2 max-w-lg text-ink-2" />}
      </Td>
      <Td className="sm:pt-2.5">
        <SeverityBadge severity={severity} />
      </Td>
      <Td className="sm:pt-2.5">
        <StateBadge incident={incident} />
        {incident.state === 'resolved' && (
          <span className="block text-ink-3 text-xs max-sm:hidden">by {incident.resolvedBy ?? 'evidence'}</span>
        )}
      </Td>
      <Td className="tabular sm:pt-2.5 sm:text-right">
        {formatCount(count)}
        <span className="text-ink-3 sm:hidden">{count === 1 ? ' signal' : ' signals'}</span>
      </Td>
      <Td className="whitespace-nowrap text-ink-2 sm:pt-2.5">
        {folder === 'open' ? <OpenTimes incident={incident} /> : <Spans incident={incident} />}
      </Td>
    </Tr>
  );
}

function OpenTimes({ incident }: { readonly incident: Incident }) {
  return (
    <>
      <When at={incident.lastSeenAt} />
      <span className="text-ink-3 text-xs max-sm:ml-1.5 sm:block">
        opened <When at={incident.openedAt} />
      </span>
    </>
  );
}

/** How long it took: to somebody having it, and to the end. */
function Spans({ incident }: { readonly incident: Incident }) {
  const { openedAt, acknowledgedAt, resolvedAt } = incident;
  return (
    <>
      <When at={openedAt} />
      <span className="tabular block text-ink-3 text-xs">
        {acknowledgedAt === null ? 'not taken' : `taken after ${spanOf(openedAt, acknowledgedAt)}`}
        {resolvedAt !== null && `, over after ${spanOf(openedAt, resolvedAt)}`}
      </span>
    </>
  );
}

function spanOf(from: string, to: string): string {
  return formatSpan(Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000));
}

type NoneProps = Pick<ListProps, 'folder' | 'onDrill'> & { readonly lastDrillAt: string | null };

function None({ folder, lastDrillAt, onDrill }: NoneProps) {
  const drill = <Button onClick={onDrill}>Run a drill</Button>;
  if (folder === 'resolved') {
    return (
      <EmptyState icon={<History aria-hidden="true" />} title="None was resolved yet">
        What was open and is over stands here, with who ended it and why.
      </EmptyState>
    );
  }
  if (folder === 'drills') {
    return (
      <EmptyState icon={<Dumbbell aria-hidden="true" />} title="Nobody has practised yet" action={drill}>
        A drill is an incident of a kind you choose, marked as one everywhere. It acts on nothing, and keeps how long
        you took to take it and to end it.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={<CircleCheck aria-hidden="true" />} title="Nothing is open" action={drill}>
      {lastDrillAt === null ? (
        'Nobody has practised yet: a quiet day is the time for it.'
      ) : (
        <>
          The last drill ended <When at={lastDrillAt} />.
        </>
      )}
    </EmptyState>
  );
}
