'use client';

import { Download } from 'lucide-react';
import { useRouter, useSearchParams } from 'next/navigation';
import { useMemo, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { buttonClasses } from '#components/ui/button-classes.ts';
import { Card } from '#components/ui/card.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Page } from '#components/ui/page.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { useRoleBar } from '#lib/client/use-me.ts';
import type { AuditRow } from '#lib/contracts/audit.ts';
import { FilterBar } from './filter-bar.tsx';
import { type Filters, filtersFrom, hrefOf } from './filters.ts';
import { Timeline } from './timeline.tsx';
import { useSelected } from './use-selected.ts';
import { useTimeline } from './use-timeline.ts';

const ROWS_ABOVE = 6n;

const logBadge = arriving(() => import('./log-badge.tsx').then((file) => file.LogBadge), 'at-once');

const entryPanel = arriving(() => import('./entry-panel.tsx').then((file) => file.EntryPanel), 'at-rest');

const sessionLanes = arriving(() => import('./session-lanes.tsx').then((file) => file.SessionLanes), 'at-rest');

const callDiff = arriving(() => import('./call-diff.tsx').then((file) => file.CallDiff), 'at-rest');

const takeEvidence = arriving(() => import('./take-evidence.tsx').then((file) => file.TakeEvidence), 'at-rest');

const hunts = arriving(() => import('./hunts.tsx').then((file) => file.Hunts), 'at-rest');

const killJump = arriving(() => import('./kill-jump.tsx').then((file) => file.KillJump), 'at-rest');

/** The log, newest first: narrowed by filters that stand in the address, with one entry opened beside it. */
export function AuditPage() {
  const router = useRouter();
  const params = useSearchParams();
  const LogBadge = useArrived(logBadge);
  const EntryPanel = useArrived(entryPanel, params.get('entry') !== null);
  const KillJump = useArrived(killJump);
  const TakeEvidence = useArrived(takeEvidence);
  const Hunts = useArrived(hunts);
  const SessionLanes = useArrived(sessionLanes, params.has('session'));
  const [reached, setReached] = useState<string | null>(null);
  const text = params.toString();
  const filters = useMemo(() => filtersFrom(new URLSearchParams(text)), [text]);
  const entry = params.get('entry');
  // Where the list begins is no part of what it is a list of.
  const { before: _, ...shown } = filters;
  const timeline = useTimeline(filters);
  const selected = useSelected(entry, timeline.rows);
  const comparing = params.get('compare');
  const CallDiff = useArrived(callDiff, comparing !== null);
  const go = (next: Filters, seq: string | null, compare = comparing) =>
    router.replace(hrefOf(next, seq, compare), { scroll: false });
  const other = selected.kind === 'row' && selected.row.callId !== comparing ? selected.row.callId : null;
  const open = (seq: string | null) => go(filters, seq);
  const jump = ({ seq }: AuditRow) => {
    setReached(seq);
    const isListed = timeline.rows.some((row) => row.seq === seq);
    // A few entries stand above it: what happened just after.
    go(isListed ? filters : { ...filters, before: String(BigInt(seq) + ROWS_ABOVE) }, seq);
  };
  return (
    <Page
      title="Audit"
      intro="Everything that was asked, decided and done, in a log that cannot be quietly changed."
      actions={
        <>
          {Hunts === null ? (
            <Skeleton className="h-8 w-24" />
          ) : (
            <Hunts filters={filters} onHunt={(next) => go(next, null)} />
          )}
          <Export />
        </>
      }
    >
      <div className="grid gap-4">
        {LogBadge === null ? <Skeleton card className="h-13" /> : <LogBadge head={timeline.head} />}
        {comparing !== null &&
          isCallId(comparing) &&
          (CallDiff === null ? (
            <Skeleton card className="h-40" />
          ) : (
            <CallDiff first={comparing} second={other} onOpen={open} onClose={() => go(filters, entry, null)} />
          ))}
        <div className={selected.kind === 'none' ? '' : 'grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_25rem]'}>
          {selected.kind !== 'none' && EntryPanel !== null && (
            <EntryPanel
              selected={selected}
              filters={filters}
              onOpen={open}
              onClose={() => open(null)}
              comparing={comparing}
              onCompare={(callId) => go(filters, null, callId)}
            />
          )}
          <div className="grid min-w-0 gap-4 lg:order-first">
            {filters.session !== undefined &&
              (SessionLanes === null ? (
                <Skeleton card className="h-40" />
              ) : (
                <SessionLanes sessionId={filters.session} current={entry} onOpen={open} />
              ))}
            <Card flush>
              <FilterBar filters={filters} onChange={(next) => go(next, null)}>
                {TakeEvidence !== null && Object.keys(shown).length > 0 && (
                  <TakeEvidence of={{ kind: 'view', filters: shown }} label="Take the evidence of this view" />
                )}
                {KillJump !== null && (
                  <KillJump from={() => entry ?? topRow(timeline.rows, filters.before === undefined)} onJump={jump} />
                )}
              </FilterBar>
              <Timeline timeline={timeline} filters={filters} selected={entry} reached={reached} onOpen={open} />
            </Card>
          </div>
        </div>
      </div>
    </Page>
  );
}

/** An address may say anything; the log is asked for calls only. */
function isCallId(text: string): boolean {
  return /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(text);
}

/** What stands above this is under the frame's header. */
const HEADER_PX = 56;

/** The entry at the top of what is in view; null while that is the newest there is. */
function topRow(rows: readonly AuditRow[], isNewest: boolean): string | null {
  const lines = [...document.querySelectorAll<HTMLElement>('[data-seq]')];
  const top = lines.find((line) => line.getBoundingClientRect().bottom > HEADER_PX)?.dataset.seq;
  return top === undefined || (isNewest && top === rows[0]?.seq) ? null : top;
}

function Export() {
  const bar = useRoleBar('security', 'admin');
  const face = (
    <>
      <Download aria-hidden="true" className="size-4" />
      Export
    </>
  );
  if (bar !== null) return <Button disabledReason={bar}>{face}</Button>;
  return (
    <a href="/api/v1/audit/export" download="countersign-audit.ndjson" className={buttonClasses()}>
      {face}
    </a>
  );
}
