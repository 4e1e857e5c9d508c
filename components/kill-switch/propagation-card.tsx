import { Check, CircleDashed } from 'lucide-react';
import type { ReactNode } from 'react';
import { scopeWords } from '#components/shell/kill-words.ts';
import { Card } from '#components/ui/card.tsx';
import { cx } from '#components/ui/class-names.ts';
import { When } from '#components/ui/when.tsx';
import type { KillSwitch } from '#lib/contracts/kill-switch.ts';

/** How far the last change has reached, with what was measured: committed → acknowledged n/N → hard-stopped. */
export function PropagationCard({ state }: { readonly state: KillSwitch }) {
  const last = [...state.scopes].sort((a, b) => Date.parse(b.at) - Date.parse(a.at))[0];
  const total = state.gateways.length;
  const acknowledged = state.gateways.filter((gateway) => gateway.acknowledged);
  const stopped = state.gateways.filter((gateway) => gateway.hardStoppedMs !== null);
  return (
    <Card title="How far it reached">
      {last === undefined ? (
        <p className="text-ink-2">
          The switch has never been used here. {total === 1 ? 'One process listens' : `${total} processes listen`} to
          it.
        </p>
      ) : (
        <ol className="grid gap-3">
          <Step done title="Committed" aside={<When at={last.at} />}>
            {last.on
              ? `${scopeWords(last.scope)}: stopped. From here on no approval of these is used.`
              : `${scopeWords(last.scope)}: restored, for new requests only. What was voided stays void.`}
          </Step>
          <Step
            done={acknowledged.length === total && total > 0}
            title={`Acknowledged ${acknowledged.length}/${total}`}
            aside={slowest(acknowledged.map((gateway) => gateway.ackMs))}
          >
            Processes that have said they know. Each that has not stops by itself when its lease ends, within a second.
          </Step>
          {last.on && (
            <Step
              done={stopped.length === total && total > 0}
              title={`Hard-stopped ${stopped.length}/${total}`}
              aside={slowest(stopped.map((gateway) => gateway.hardStoppedMs))}
            >
              Calls that ran were cancelled and their results withheld.
            </Step>
          )}
        </ol>
      )}
      {total === 0 && <p className="mt-2 font-medium text-medium">No gateway is running now.</p>}
    </Card>
  );
}

/** The slowest of the measured delays: the one that counts. */
function slowest(delays: readonly (number | null)[]): string | null {
  const known = delays.filter((delay) => delay !== null);
  return known.length === 0 ? null : `${Math.round(Math.max(...known)).toLocaleString('en-US')} ms`;
}

function Step({
  done,
  title,
  aside,
  children,
}: {
  readonly done: boolean;
  readonly title: string;
  readonly aside: ReactNode;
  readonly children: ReactNode;
}) {
  const Icon = done ? Check : CircleDashed;
  return (
    <li className="grid grid-cols-[1rem_minmax(0,1fr)] gap-x-2.5">
      <Icon aria-hidden="true" className={cx('mt-0.5 size-4', done ? 'text-low' : 'text-ink-3')} />
      <div>
        <p className="flex justify-between gap-3">
          <b className="font-semibold">
            {title}
            {!done && <span className="sr-only">, not yet everywhere</span>}
          </b>
          <span className="tabular text-ink-2">{aside}</span>
        </p>
        <p className="text-ink-3 text-xs">{children}</p>
      </div>
    </li>
  );
}
