'use client';

import { useEffect, useMemo, useState } from 'react';
import { useShortcuts } from '#components/shell/shortcuts.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { When } from '#components/ui/when.tsx';
import { formatBytes, plural } from '#lib/client/format.ts';
import type { ApprovalDetail } from '#lib/contracts/approvals.ts';
import { ArgField, RemovedField } from './arg-field.tsx';
import { compareArgs, listWarnings } from './compare-args.ts';
import { RawArgs, rawIsFolded } from './raw-args.tsx';
import { argsWords } from './status-words.ts';

const ROWS_AT_ONCE = 300;
const VIEWS = [
  { value: 'fields', text: 'Fields' },
  { value: 'raw', text: 'Raw' },
] as const;

type FrozenArgsProps = {
  readonly record: ApprovalDetail;
  /** Told how many folded parts this reader has not opened yet. */
  readonly onUnopened: (count: number) => void;
};

/** Exactly what will run: the canonical bytes the digest is made of, laid out by us. Nothing is cut without a count. */
export function FrozenArgs({ record, onUnopened }: FrozenArgsProps) {
  const [view, setView] = useState<'fields' | 'raw'>('fields');
  const [diff, setDiff] = useState(true);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const [shown, setShown] = useState(ROWS_AT_ONCE);
  const [rawOpened, setRawOpened] = useState(false);
  const earlier = record.lastApproved;
  const comparison = useMemo(
    () => compareArgs(record.canonicalArgs, diff ? (earlier?.canonicalArgs ?? null) : null),
    [record.canonicalArgs, earlier, diff],
  );
  const warnings = useMemo(() => listWarnings(comparison.rows.map(({ row }) => row)), [comparison]);
  const folded = comparison.rows.filter(({ row }) => row.foldedBytes > 0 && !opened.has(row.path)).length;
  const unseenRows = Math.max(0, comparison.rows.length - shown);
  const unopened = rawOpened ? 0 : folded + (unseenRows > 0 ? 1 : 0);
  useEffect(() => onUnopened(unopened), [unopened, onUnopened]);
  useShortcuts({ f: () => setDiff((now) => !now) });
  const words = argsWords(record.status);
  const openField = (path: string) => setOpened((now) => new Set(now).add(path));

  return (
    <Card
      flush
      title={words.title}
      aside={
        <span className="flex flex-wrap items-center gap-3">
          {earlier === null ? (
            <span>never approved before</span>
          ) : (
            view === 'fields' && (
              <Checkbox
                className="[&_label]:text-xs"
                checked={diff}
                onCheckedChange={(on) => setDiff(on === true)}
                label={
                  <>
                    against the last approved, <When at={earlier.at} />
                  </>
                }
              />
            )
          )}
          <Segmented label="View of the arguments" value={view} options={VIEWS} onChange={setView} />
        </span>
      }
    >
      {warnings.length > 0 && (
        <Notice tone="warning" className="rounded-none border-x-0 border-t-0">
          {warnings.map((warning) => (
            <p key={warning}>{warning}</p>
          ))}
        </Notice>
      )}
      {view === 'raw' ? (
        <RawArgs text={record.canonicalArgs} onWhole={() => setRawOpened(true)} />
      ) : (
        <div className="py-1.5">
          {comparison.rows.length === 0 && <p className="px-3.5 py-1.5 text-ink-3">No arguments.</p>}
          {comparison.rows.slice(0, shown).map((compared) => (
            <ArgField
              key={compared.row.path}
              compared={compared}
              canonical={record.canonicalArgs}
              opened={opened.has(compared.row.path)}
              onOpen={openField}
            />
          ))}
          {unseenRows > 0 && (
            <div className="px-3.5 py-2">
              <Button size="sm" onClick={() => setShown(shown + 2000)}>
                {plural(unseenRows, 'more field')} not shown yet: show {unseenRows > 2000 ? 'the next 2,000' : 'them'}
              </Button>
            </div>
          )}
          {comparison.removed.map((row) => (
            <RemovedField key={row.path} row={row} />
          ))}
        </div>
      )}
      <p className="border-t bg-sunken px-3.5 py-1.5 text-ink-3 text-xs">
        {plural(comparison.rows.length, 'field')}, {formatBytes(record.argsBytes)}
        {view === 'raw' && !rawIsFolded(record.canonicalArgs) && ', shown whole'}. {words.note}
      </p>
    </Card>
  );
}
