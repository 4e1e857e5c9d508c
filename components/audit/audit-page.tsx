'use client';

import { Download } from 'lucide-react';
import { useRouter, useSearchParams } from 'next/navigation';
import { useMemo } from 'react';
import { Button } from '#components/ui/button.tsx';
import { buttonClasses } from '#components/ui/button-classes.ts';
import { Card } from '#components/ui/card.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Page } from '#components/ui/page.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { useRoleBar } from '#lib/client/use-me.ts';
import { FilterBar } from './filter-bar.tsx';
import { filtersFrom, hrefOf } from './filters.ts';
import { Timeline } from './timeline.tsx';
import { useSelected } from './use-selected.ts';
import { useTimeline } from './use-timeline.ts';

const logBadge = arriving(() => import('./log-badge.tsx').then((file) => file.LogBadge), 'at-once');

const entryPanel = arriving(() => import('./entry-panel.tsx').then((file) => file.EntryPanel), 'at-rest');

/** The log, newest first: narrowed by filters that stand in the address, with one entry opened beside it. */
export function AuditPage() {
  const router = useRouter();
  const params = useSearchParams();
  const LogBadge = useArrived(logBadge);
  const EntryPanel = useArrived(entryPanel, params.get('entry') !== null);
  const text = params.toString();
  const filters = useMemo(() => filtersFrom(new URLSearchParams(text)), [text]);
  const entry = params.get('entry');
  const timeline = useTimeline(filters);
  const selected = useSelected(entry, timeline.rows);
  const open = (seq: string | null) => router.replace(hrefOf(filters, seq), { scroll: false });
  return (
    <Page
      title="Audit"
      intro="Everything that was asked, decided and done, in a log that cannot be quietly changed."
      actions={<Export />}
    >
      <div className="grid gap-4">
        {LogBadge === null ? <Skeleton card className="h-13" /> : <LogBadge head={timeline.head} />}
        <div className={selected.kind === 'none' ? '' : 'grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_25rem]'}>
          {selected.kind !== 'none' && EntryPanel !== null && (
            <EntryPanel selected={selected} filters={filters} onOpen={open} onClose={() => open(null)} />
          )}
          <Card flush className="lg:order-first">
            <FilterBar filters={filters} onChange={(next) => router.replace(hrefOf(next), { scroll: false })} />
            <Timeline timeline={timeline} filters={filters} selected={entry} onOpen={open} />
          </Card>
        </div>
      </div>
    </Page>
  );
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
