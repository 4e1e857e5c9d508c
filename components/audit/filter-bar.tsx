'use client';

import { X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Button } from '#components/ui/button.tsx';
import { Select } from '#components/ui/input.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { shortDigest } from '#lib/client/format.ts';
import { useAgents } from '#lib/client/lists/use-agents.ts';
import { usePeople } from '#lib/client/lists/use-people.ts';
import { useServers } from '#lib/client/lists/use-servers.ts';
import { formatAbsolute, serverNow } from '#lib/client/time.ts';
import { TIERS } from '#lib/core/risk/types.ts';
import { EVENT_GROUPS, eventWords } from './event-words.ts';
import { type FilterName, type Filters, withFilter } from './filters.ts';

type Props = {
  readonly filters: Filters;
  readonly onChange: (next: Filters) => void;
  /** What else narrows or moves the list. */
  readonly children?: ReactNode;
};

const moreFilters = arriving(() => import('./more-filters.tsx').then((file) => file.MoreFilters), 'at-rest');

const RANGES = [
  ['last hour', 3600],
  ['last 24 hours', 86_400],
  ['last 7 days', 604_800],
] as const;

/** Filters set by following links; they show as words that can be taken away. */
const CHIPS: readonly (readonly [FilterName, string])[] = [
  ['tool', 'tool'],
  ['decision', 'decision'],
  ['session', 'session'],
  ['call', 'call'],
  ['request', 'request'],
  ['policy', 'policy version'],
  ['host', 'host'],
  ['since', 'since'],
  ['until', 'until'],
  ['before', 'before entry'],
];

/** Narrows the timeline. Everything chosen stands in the address. */
export function FilterBar({ filters, onChange, children }: Props) {
  const agents = useAgents().data?.items.map((agent) => agent.name) ?? [];
  const servers = useServers().data?.items.map((server) => server.name) ?? [];
  const people = usePeople().data?.items.map((person) => person.name) ?? [];
  const [more, setMore] = useState(false);
  const MoreFilters = useArrived(moreFilters, more);
  const set = (name: FilterName) => (value: string) => onChange(withFilter(filters, name, value));
  const chips = CHIPS.flatMap(([name, word]) => {
    const value = filters[name];
    return value === undefined ? [] : [{ name, word, value }];
  });
  return (
    <search aria-label="Filters" className="grid gap-2 border-b px-3.5 py-2.5">
      <div className="grid grid-cols-[repeat(auto-fit,minmax(8.5rem,1fr))] gap-2">
        <Choice label="Kind of event" value={filters.type} onPick={set('type')}>
          <option value="">Every kind</option>
          {filters.type?.includes(',') === true && (
            <option value={filters.type}>{filters.type.split(',').map(eventWords).join(', ')}</option>
          )}
          {EVENT_GROUPS.map((group) => (
            <KindGroup key={group.heading} {...group} />
          ))}
        </Choice>
        <Choice label="Agent" value={filters.agent} onPick={set('agent')}>
          <option value="">Every agent</option>
          <Names names={agents} chosen={filters.agent} />
        </Choice>
        <Choice label="Server" value={filters.server} onPick={set('server')}>
          <option value="">Every server</option>
          <Names names={servers} chosen={filters.server} />
        </Choice>
        <Choice label="Tier" value={filters.tier} onPick={set('tier')}>
          <option value="">Every tier</option>
          <Names names={TIERS.toReversed()} chosen={filters.tier} />
        </Choice>
        <Choice label="Person" value={filters.actor} onPick={set('actor')}>
          <option value="">Everybody</option>
          <Names names={people} chosen={filters.actor} />
        </Choice>
        <Choice
          label="Time"
          value=""
          onPick={(seconds) =>
            set('since')(seconds === '' ? '' : new Date(serverNow() - Number(seconds) * 1000).toISOString())
          }
        >
          <option value="">{filters.since === undefined ? 'All time' : 'All time again'}</option>
          {RANGES.map(([words, seconds]) => (
            <option key={seconds} value={seconds}>
              {words}
            </option>
          ))}
        </Choice>
      </div>
      {more &&
        (MoreFilters === null ? <Skeleton className="h-14" /> : <MoreFilters filters={filters} onChange={onChange} />)}
      <div className="flex flex-wrap items-center gap-1.5">
        {chips.map(({ name, word, value }) => (
          <Chip key={name} word={word} value={shown(name, value)} onRemove={() => set(name)('')} />
        ))}
        {Object.keys(filters).length > 0 && (
          <Button size="sm" variant="ghost" onClick={() => onChange({})}>
            Clear all filters
          </Button>
        )}
        <Button size="sm" variant="ghost" aria-expanded={more} onClick={() => setMore((now) => !now)}>
          {more ? 'Fewer filters' : 'More filters'}
        </Button>
        {children}
      </div>
    </search>
  );
}

function shown(name: FilterName, value: string): string {
  if (name === 'since' || name === 'until') return formatAbsolute(value);
  return name === 'call' || name === 'request' ? shortDigest(value) : value;
}

function KindGroup({ heading, types }: { readonly heading: string; readonly types: readonly string[] }) {
  const family = `${types[0]?.split('.')[0] ?? ''}.`;
  const one = types.every((type) => type.startsWith(family));
  return (
    <optgroup label={heading}>
      {one && <option value={family}>{`${heading}: all`}</option>}
      {types.map((type) => (
        <option key={type} value={type}>
          {eventWords(type)}
        </option>
      ))}
    </optgroup>
  );
}

/** A name from a link may be of something that is gone; it must still show as chosen. */
function Names({ names, chosen }: { readonly names: readonly string[]; readonly chosen: string | undefined }) {
  const all = chosen === undefined || names.includes(chosen) ? names : [chosen, ...names];
  return all.map((name) => (
    <option key={name} value={name}>
      {name}
    </option>
  ));
}

type ChoiceProps = {
  readonly label: string;
  readonly value: string | undefined;
  readonly onPick: (value: string) => void;
  readonly children: ReactNode;
};

function Choice({ label, value, onPick, children }: ChoiceProps) {
  return (
    <Select aria-label={label} value={value ?? ''} onChange={(event) => onPick(event.target.value)}>
      {children}
    </Select>
  );
}

function Chip({
  word,
  value,
  onRemove,
}: {
  readonly word: string;
  readonly value: string;
  readonly onRemove: () => void;
}) {
  return (
    <span className="inline-flex h-7 max-w-full items-center gap-1.5 rounded-md bg-accent-soft pl-2 text-xs">
      <span className="text-ink-2">{word}</span>
      <SafeText text={value} className="min-w-0 truncate font-medium text-accent" />
      <button
        type="button"
        aria-label={`Remove the filter ${word}`}
        onClick={onRemove}
        className="grid size-7 place-items-center rounded-md text-ink-2 hover:text-ink"
      >
        <X aria-hidden="true" className="size-3.5" />
      </button>
    </span>
  );
}
