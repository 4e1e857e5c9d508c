'use client';

import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { ArgField, RemovedField } from '#components/args/arg-field.tsx';
import { compareArgs, listWarnings } from '#components/args/compare-args.ts';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Card } from '#components/ui/card.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { fetching, problemOf } from '#lib/client/api.ts';
import { plural } from '#lib/client/format.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { formatAbsolute } from '#lib/client/time.ts';
import { approvalDetailSchema } from '#lib/contracts/approvals.ts';
import type { AuditRow } from '#lib/contracts/audit.ts';
import { factsText } from './call-facts.ts';
import { CallLane } from './call-lane.tsx';
import { laneOf } from './lanes.ts';
import { useStory } from './use-timeline.ts';

type Props = {
  /** The call that the other is compared with. */
  readonly first: string;
  /** Null while it is still to be picked from the list. */
  readonly second: string | null;
  readonly onOpen: (seq: string) => void;
  readonly onClose: () => void;
};

/**
 * Two calls beside one another, path by path and word by word: what the log says of them, and their arguments as far as
 * the console shows them to this reader at all.
 */
export function CallDiff({ first, second, onOpen, onClose }: Props) {
  const one = useStory(first);
  const two = useStory(second);
  const broken = one.error ?? two.error;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (second === null) return;
    // Picked far down the list; after the opened entry, which on a narrow screen comes into view by itself.
    const frame = requestAnimationFrame(() => box.current?.scrollIntoView({ block: 'start' }));
    return () => cancelAnimationFrame(frame);
  }, [second]);
  return (
    <div ref={box} className="scroll-mt-28">
      <Card
        title="Two calls compared"
        aside={
          <IconButton label="Stop comparing" onClick={onClose} className="-mr-2 size-7">
            <X aria-hidden="true" />
          </IconButton>
        }
      >
        {broken !== null && <ProblemNotice problem={problemOf(broken)} />}
        {broken === null && (one.data === undefined || (second !== null && two.data === undefined)) && (
          <Skeleton className="h-28" />
        )}
        {one.data !== undefined && (
          <div className="grid gap-4">
            <div className="grid gap-4 md:grid-cols-2">
              <Side name="The first" callId={first} rows={one.data} onOpen={onOpen} />
              {second === null ? (
                <Notice role="status" title="Now open the other call">
                  <p>Press any of its entries in the list below. What differs is then shown here.</p>
                </Notice>
              ) : (
                two.data !== undefined && <Side name="The second" callId={second} rows={two.data} onOpen={onOpen} />
              )}
            </div>
            {second !== null && two.data !== undefined && (
              <>
                <Fields
                  title="What the log says"
                  before={factsText(first, one.data)}
                  now={factsText(second, two.data)}
                />
                <Arguments first={one.data} second={two.data} />
              </>
            )}
          </div>
        )}
      </Card>
    </div>
  );
}

type SideProps = {
  readonly name: string;
  readonly callId: string;
  readonly rows: readonly AuditRow[];
  readonly onOpen: (seq: string) => void;
};

function Side({ name, callId, rows, onOpen }: SideProps) {
  const lane = laneOf(callId, rows);
  if (lane === null) return <p className="text-ink-3">{name}: the log holds no entry of this call.</p>;
  const { first } = lane;
  return (
    <section aria-label={name} className="min-w-0">
      <h3 className="text-xs">
        <span className="text-ink-3">{`${name}, ${formatAbsolute(first.at)}: `}</span>
        <SafeText
          text={`${first.server ?? '?'} / ${first.tool ?? '?'} of ${first.agent ?? '?'}`}
          className="font-medium"
        />
      </h3>
      <CallLane lane={lane} current={null} onOpen={onOpen} />
    </section>
  );
}

type FieldsProps = { readonly title: string; readonly before: string; readonly now: string };

/** The second call's fields, marked where the first has another value, and the first's that the second lacks. */
function Fields({ title, before, now }: FieldsProps) {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const compared = useMemo(() => compareArgs(now, before), [now, before]);
  const differ = compared.rows.filter(({ mark }) => mark !== 'same').length + compared.removed.length;
  const warnings = useMemo(() => listWarnings(compared.rows.map(({ row }) => row)), [compared]);
  return (
    <Group
      title={title}
      aside={differ === 0 ? 'nothing differs' : `${plural(differ, 'field differs', 'fields differ')}`}
    >
      {warnings.map(({ tone, text }) => (
        <Notice key={text} tone={tone} className="mb-2">
          <p>{text}</p>
        </Notice>
      ))}
      <div className="rounded-md border py-1">
        {compared.rows.length === 0 && <p className="px-3.5 text-ink-3">Nothing here.</p>}
        {compared.rows.map((one) => (
          <ArgField
            key={one.row.path}
            compared={one}
            notes={undefined}
            opened={opened.has(one.row.path)}
            query=""
            found={false}
            onOpen={(path) => setOpened((known) => new Set(known).add(path))}
          />
        ))}
        {compared.removed.map((row) => (
          <RemovedField key={row.path} row={row} />
        ))}
      </div>
    </Group>
  );
}

type GroupProps = { readonly title: string; readonly aside?: string; readonly children: ReactNode };

function Group({ title, aside, children }: GroupProps) {
  return (
    <section aria-label={title} className="min-w-0">
      <h3 className="mb-1.5 flex flex-wrap justify-between gap-x-3 font-semibold text-ink-2 text-xs">
        {title}
        {aside !== undefined && <span className="font-normal text-ink-3">{aside}</span>}
      </h3>
      {children}
    </section>
  );
}

type Rows = readonly AuditRow[];
const requestOf = (rows: Rows) => rows.find((row) => row.requestId !== null)?.requestId ?? null;

/** Only what was held was kept to be shown; of all else the log has a commitment, and nobody's page opens that. */
function Arguments({ first, second }: { readonly first: Rows; readonly second: Rows }) {
  const one = useFrozen(requestOf(first));
  const two = useFrozen(requestOf(second));
  const missing = [
    ['the first', requestOf(first)],
    ['the second', requestOf(second)],
  ].flatMap(([name, id]) => (id === null ? [name] : []));
  if (missing.length > 0) {
    return (
      <Group title="Arguments">
        <p className="text-ink-2">
          {`Not compared: ${missing.join(' and ')} was never held for people, so the log keeps only a commitment to its arguments.`}
        </p>
      </Group>
    );
  }
  const broken = one.error ?? two.error;
  if (broken !== null) {
    return (
      <Group title="Arguments">
        <ProblemNotice problem={problemOf(broken)} />
      </Group>
    );
  }
  if (one.data === undefined || two.data === undefined) return <Skeleton className="h-16" />;
  const erased = [one.data, two.data].map((record) => record.argsErasedAt).find((at) => at !== null);
  if (erased !== undefined && erased !== null) {
    return (
      <Group title="Arguments">
        <p className="text-ink-2">{`Not compared: the retention rule erased arguments of these calls on ${formatAbsolute(erased)}.`}</p>
      </Group>
    );
  }
  return <Fields title="Arguments" before={one.data.canonicalArgs} now={two.data.canonicalArgs} />;
}

function useFrozen(requestId: string | null) {
  return useQuery({
    queryKey: queryKeys.approvals.detail(requestId ?? ''),
    queryFn: fetching(`/api/v1/approvals/${encodeURIComponent(requestId ?? '')}`, approvalDetailSchema),
    enabled: requestId !== null,
  });
}
