'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { TierBadge } from '#components/shell/tier-badge.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { When } from '#components/ui/when.tsx';
import { formatCount, plural } from '#lib/client/format.ts';
import type { Simulation } from '#lib/contracts/policies.ts';
import { EffectBadge } from './effect-badge.tsx';
import { LoadChart } from './load-chart.tsx';

type Effect = Pick<Simulation['total'], 'newlyHeld' | 'newlyFreed' | 'newlyDenied'>;

/** What the rules would have done: in all, by rule, by tool, by hour, and call by call. */
export function SimulationResult({ simulation }: { readonly simulation: Simulation }) {
  const { total, rules, tools } = simulation;
  if (total.calls === 0) {
    return (
      <Notice title="No call was recorded in that time">
        Choose a longer time, or wait until agents called tools.
      </Notice>
    );
  }
  const changedTools = tools.filter(isChanged);
  return (
    <div className="grid gap-5">
      <Totals total={total} />
      {(total.unreadable > 0 || total.truncated) && <Limits total={total} />}
      <section aria-label="Requests an hour">
        <h3 className="mb-2 font-semibold text-xs">How many requests an hour people would get</h3>
        <LoadChart hours={simulation.approvalsPerHour} />
      </section>
      {rules.length > 0 && (
        <EffectTable
          title="By rule"
          first="Rule"
          rows={rules.map((row) => ({
            key: row.rule,
            name: row.rule,
            note: plural(row.matched, 'call matched', 'calls matched'),
            effect: row,
          }))}
        />
      )}
      {changedTools.length > 0 && (
        <EffectTable
          title="By tool"
          first="Tool"
          rows={changedTools.map((row) => ({
            key: `${row.server} ${row.tool}`,
            name: (
              <>
                <SafeText text={row.server} /> · <SafeText text={row.tool} />
              </>
            ),
            note: plural(row.calls, 'call'),
            effect: row,
          }))}
        />
      )}
      <Examples examples={simulation.examples} />
    </div>
  );
}

function isChanged(effect: Effect): boolean {
  return effect.newlyHeld + effect.newlyFreed + effect.newlyDenied > 0;
}

function Totals({ total }: { readonly total: Simulation['total'] }) {
  const figures = [
    { name: 'Calls decided', value: total.calls, tone: 'text-ink' },
    { name: 'Newly held', value: total.newlyHeld, tone: total.newlyHeld > 0 ? 'text-medium' : 'text-ink' },
    { name: 'Newly freed', value: total.newlyFreed, tone: total.newlyFreed > 0 ? 'text-high' : 'text-ink' },
    { name: 'Newly denied', value: total.newlyDenied, tone: 'text-ink' },
  ];
  return (
    <dl className="flex flex-wrap gap-px overflow-clip rounded-lg border bg-line">
      {figures.map(({ name, value, tone }) => (
        <div key={name} className="grid flex-1 basis-28 gap-0.5 bg-panel px-3 py-2">
          <dt className="text-ink-3 text-xs">{name}</dt>
          <dd className={`tabular font-semibold text-xl tracking-tight ${tone}`}>{formatCount(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Limits({ total }: { readonly total: Simulation['total'] }) {
  return (
    <Notice tone="warning">
      {total.unreadable > 0 && (
        <p>{`The arguments of ${plural(total.unreadable, 'call')} are no longer kept: conditions on them count as failed, which holds and denies, and never allows.`}</p>
      )}
      {total.truncated && <p>There were more calls than fit: the newest were decided.</p>}
    </Notice>
  );
}

type Row = { readonly key: string; readonly name: ReactNode; readonly note: string; readonly effect: Effect };

function EffectTable({
  title,
  first,
  rows,
}: {
  readonly title: string;
  readonly first: string;
  readonly rows: readonly Row[];
}) {
  return (
    <div>
      <h3 className="mb-1 font-semibold text-xs">{title}</h3>
      <div className="overflow-clip rounded-md border">
        <Table caption={title}>
          <thead>
            <tr>
              <Th>{first}</Th>
              <Th className="text-right">Held</Th>
              <Th className="text-right">Freed</Th>
              <Th className="text-right">Denied</Th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Tr key={row.key}>
                <Td className="[overflow-wrap:anywhere]">
                  {row.name}
                  <span className="block text-ink-3 text-xs">{row.note}</span>
                </Td>
                {[row.effect.newlyHeld, row.effect.newlyFreed, row.effect.newlyDenied].map((count, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: three columns that never move
                  <Td key={i} className={`text-right ${count === 0 ? 'text-ink-3' : 'font-semibold'}`}>
                    {count === 0 ? '0' : `+${formatCount(count)}`}
                  </Td>
                ))}
              </Tr>
            ))}
          </tbody>
        </Table>
      </div>
    </div>
  );
}

function Examples({ examples }: { readonly examples: Simulation['examples'] }) {
  if (examples.length === 0) return <p className="text-ink-2">No recorded call would have been decided otherwise.</p>;
  return (
    <section aria-label="Examples">
      <h3 className="mb-1 font-semibold text-xs">Calls that would have been decided otherwise</h3>
      <ul className="max-h-[28rem] overflow-y-auto rounded-md border">
        {examples.map((one) => (
          <li key={one.callId} className="grid gap-1 border-b px-3 py-2 last:border-b-0">
            <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
              <EffectBadge decision={one.before} />
              <span aria-hidden="true">→</span>
              <span className="sr-only">would be</span>
              <EffectBadge decision={one.after} />
              <Link href={`/audit?call=${one.callId}`} className="link font-medium">
                <SafeText text={one.server} /> · <SafeText text={one.tool} />
              </Link>
              <TierBadge tier={one.tier} />
              <span className="text-ink-3 text-xs">
                <SafeText text={one.agent} />, <When at={one.at} />
              </span>
            </p>
            {one.argsPreview !== '' && <SafeText text={one.argsPreview} as="code" className="text-ink-2 text-xs" />}
            <p className="text-ink-3 text-xs">{`by ${one.rule}`}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
