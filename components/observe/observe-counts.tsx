import type { ObserveWindow } from '#components/shell/observe-stage.ts';
import { cx } from '#components/ui/class-names.ts';
import { formatCount } from '#lib/client/format.ts';

/** What would have been held and refused without the window, as two bars on one scale with the numbers beside them. */
export function ObserveCounts({ window, top }: { readonly window: ObserveWindow; readonly top: number }) {
  return (
    <dl className="grid w-full max-w-80 grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-2.5 gap-y-1 text-xs">
      <Bar name="would have been held" count={window.wouldHold} top={top} fill="bg-medium" />
      <Bar name="would have been refused" count={window.wouldDeny} top={top} fill="bg-high" />
    </dl>
  );
}

function Bar({
  name,
  count,
  top,
  fill,
}: {
  readonly name: string;
  readonly count: number;
  readonly top: number;
  readonly fill: string;
}) {
  return (
    <div className="col-span-3 grid grid-cols-subgrid items-center">
      <dt className="text-ink-2">{name}</dt>
      <dd aria-hidden="true" className="h-1.5 rounded-full bg-line">
        <span
          className={cx('forced-border block h-full rounded-full', fill)}
          style={{ width: top === 0 ? 0 : `${(count / top) * 100}%` }}
        />
      </dd>
      <dd className="tabular text-right font-medium">{formatCount(count)}</dd>
    </div>
  );
}
