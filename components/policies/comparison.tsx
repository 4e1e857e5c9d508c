import { SafeText } from '#components/safe-text/safe-text.tsx';
import { TierBadge } from '#components/shell/tier-badge.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { plural } from '#lib/client/format.ts';
import type { Comparison } from '#lib/contracts/policies.ts';
import { EffectBadge } from './effect-badge.tsx';

type Example = Comparison['looser'][number];

/** Whether a change loosens or only tightens, in a word and what follows from it. */
export function ChangeVerdict({ comparison }: { readonly comparison: Comparison }) {
  const { loosens, tightens } = comparison;
  if (!loosens && !tightens) {
    return (
      <p className="text-ink-2">
        <Badge>No change</Badge> Every kind of call is decided as before.
      </p>
    );
  }
  return (
    <p className="text-ink-2">
      {loosens && <Badge tone="danger">Loosens</Badge>} {tightens && <Badge tone="good">Tightens</Badge>}{' '}
      {loosens
        ? 'Something would pass with less than now, so a second person must approve.'
        : 'Nothing passes with less than now, so one admin publishes it at once.'}
    </p>
  );
}

/** What gets looser and what gets stricter, each with the kinds of calls that show it. */
export function ComparisonView({ comparison, most = 5 }: { readonly comparison: Comparison; readonly most?: number }) {
  return (
    <div className="grid gap-4">
      <ChangeVerdict comparison={comparison} />
      <ExampleList title="What gets looser" examples={comparison.looser} most={most} />
      <ExampleList title="What gets stricter" examples={comparison.stricter} most={most} />
    </div>
  );
}

function ExampleList({
  title,
  examples,
  most,
}: {
  readonly title: string;
  readonly examples: readonly Example[];
  readonly most: number;
}) {
  if (examples.length === 0) return null;
  const more = examples.slice(most);
  return (
    <section aria-label={title}>
      <h3 className="mb-1.5 font-semibold text-xs">{title}</h3>
      <Examples examples={examples.slice(0, most)} />
      {more.length > 0 && (
        <details className="mt-1.5">
          <summary className="target w-fit rounded-sm text-ink-3 text-xs hover:text-ink">
            {`and ${plural(more.length, 'more kind', 'more kinds')} of calls`}
          </summary>
          <div className="mt-1.5">
            <Examples examples={more} />
          </div>
        </details>
      )}
    </section>
  );
}

function Examples({ examples }: { readonly examples: readonly Example[] }) {
  return (
    <ul className="grid gap-px overflow-clip rounded-md border bg-line">
      {examples.map((example, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: examples have no name of their own and never move
        <li key={at} className="grid gap-1 bg-panel px-2.5 py-2">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span className="font-medium">
              <SafeText text={example.server} /> · <SafeText text={example.tool} />
            </span>
            <TierBadge tier={example.tier} />
            <span className="text-ink-3 text-xs">
              by <SafeText text={example.agent} />
            </span>
          </p>
          <p className="flex flex-wrap items-center gap-1.5">
            <span className="sr-only">from</span>
            <EffectBadge decision={example.before.decision} />
            <span aria-hidden="true">→</span>
            <span className="sr-only">to</span>
            <EffectBadge decision={example.after.decision} />
            <span className="text-ink-3 text-xs">{`${example.before.rule}, then ${example.after.rule}`}</span>
          </p>
          <SafeText text={example.sentence} as="p" className="text-ink-2 text-xs" />
        </li>
      ))}
    </ul>
  );
}
