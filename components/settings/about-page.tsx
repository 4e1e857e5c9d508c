'use client';

import { CircleCheck, CircleX, type LucideIcon, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Card } from '#components/ui/card.tsx';
import { cx } from '#components/ui/class-names.ts';
import { Fact, Facts } from '#components/ui/facts.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { When } from '#components/ui/when.tsx';
import { formatBytes, formatCount, plural } from '#lib/client/format.ts';
import { formatSpan } from '#lib/client/time.ts';
import { useMe } from '#lib/client/use-me.ts';
import type { About } from '#lib/contracts/settings.ts';
import { useAbout } from './use-settings-parts.ts';

/** A log that lags this much behind is worth a look: the sequencer writes a batch every fifth of a second. */
const LAG_MS = 5_000;

/** How the installation is, and what it is made of. */
export function AboutPage() {
  const query = useAbout();
  return (
    <Loaded query={query} skeleton={<AboutSkeleton />}>
      {(about) => (
        <>
          <Health about={about} />
          <Installation about={about} />
        </>
      )}
    </Loaded>
  );
}

/** As high as what comes: the cards below must not jump. */
function AboutSkeleton() {
  return (
    <div className="grid gap-4">
      <Skeleton card className="h-60" />
      <Skeleton card className="h-96" />
    </div>
  );
}

type State = 'good' | 'warning' | 'danger';
const STATES: Readonly<Record<State, { readonly Icon: LucideIcon; readonly ink: string }>> = {
  good: { Icon: CircleCheck, ink: 'text-low' },
  warning: { Icon: TriangleAlert, ink: 'text-medium' },
  danger: { Icon: CircleX, ink: 'text-high' },
};

function Health({ about }: { readonly about: About }) {
  const gateways = about.processes.filter((one) => one.kind === 'gateway' && one.state === 'up');
  const workers = about.processes.filter((one) => one.kind === 'worker' && one.state === 'up');
  return (
    <Card title="Health" aside="now, read again every few seconds" flush>
      <ul aria-label="Health">
        <Line state="good" name="Database" word="answers">
          {`in ${about.database.answeredInMs} ms, ${formatBytes(about.database.bytes)}, ${plural(about.database.connections, 'connection')}`}
        </Line>
        <Line
          state={gateways.length > 0 ? 'good' : 'danger'}
          name="Gateway"
          word={gateways.length > 0 ? plural(gateways.length, 'instance') : 'none answers'}
        >
          {gateways.length === 0
            ? 'Every call of every agent is refused until one runs.'
            : gateways.some((one) => one.isCurrent === false)
              ? 'one still takes the newest configuration in'
              : 'with the newest configuration'}
        </Line>
        <Line
          state={workers.length > 0 ? 'good' : 'danger'}
          name="Worker"
          word={workers.length > 0 ? plural(workers.length, 'instance') : 'none answers'}
        >
          {workers.length === 0
            ? 'Nothing expires, rotates or is told, and the log takes no entries.'
            : 'expiry, notifications, rotation and the log'}
        </Line>
        <Sequencer log={about.log} />
      </ul>
      <ul aria-label="Processes" className="border-t bg-sunken text-xs">
        {about.processes.map((one) => (
          <li key={one.id} className="flex flex-wrap gap-x-3 px-3.5 py-1 text-ink-2">
            <span className="w-16 font-medium">{one.kind}</span>
            <span className="min-w-0 flex-1">
              {one.state === 'up' ? 'up since ' : one.state === 'silent' ? 'silent since ' : 'stopped, last seen '}
              <When at={one.state === 'up' ? one.startedAt : one.lastSeenAt} />
            </span>
            <code className="hidden text-ink-3 sm:block">{one.id.slice(-8)}</code>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Sequencer({ log }: { readonly log: About['log'] }) {
  const lagMs = log.oldestWaitingMs ?? 0;
  const behind = lagMs > LAG_MS;
  return (
    <Line
      state={behind ? 'warning' : 'good'}
      name="Log"
      word={behind ? `${formatSpan(lagMs / 1000)} behind` : 'up to date'}
    >
      {`${formatCount(log.size)} entries, ${log.waiting === 0 ? 'none waiting' : `${formatCount(log.waiting)} waiting`}`}
      {log.lastSignedAt !== null && (
        <>
          , signed <When at={log.lastSignedAt} />
        </>
      )}
    </Line>
  );
}

type LineProps = { readonly state: State; readonly name: string; readonly word: string; readonly children: ReactNode };

function Line({ state, name, word, children }: LineProps) {
  const { Icon, ink } = STATES[state];
  return (
    <li className="flex items-start gap-2.5 border-b px-3.5 py-2 last:border-b-0">
      <Icon aria-hidden="true" className={cx('mt-px size-4 shrink-0', ink)} />
      <span className="w-20 shrink-0 font-medium">{name}</span>
      <span className="min-w-0 flex-1">
        <span className={cx('font-medium', ink)}>{word}</span>{' '}
        <span className="tabular block text-ink-2 text-xs sm:inline sm:text-sm">{children}</span>
      </span>
    </li>
  );
}

function Installation({ about }: { readonly about: About }) {
  const me = useMe();
  return (
    <Card title="This installation">
      <Facts>
        {about.parts.map((part) => (
          <Fact key={part.name} name={part.name}>
            <span className="tabular">{part.version}</span>
          </Fact>
        ))}
        <Fact name="Console">
          <code className="text-xs">{about.consoleUrl}</code>
        </Fact>
        <Fact name="Gateway">
          <code className="text-xs">{about.gatewayUrl}</code>
        </Fact>
        <Fact name="Separation of duties">
          {me.data === undefined
            ? '…'
            : me.data.separation === 'solo'
              ? 'solo: one active reviewer'
              : 'full: two or more reviewers'}
        </Fact>
        <Fact name="Licence">Apache-2.0</Fact>
      </Facts>
    </Card>
  );
}
