'use client';

import type { UseQueryResult } from '@tanstack/react-query';
import { Card } from '#components/ui/card.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { plural } from '#lib/client/format.ts';
import type { PolicyChecked } from '#lib/contracts/policies.ts';
import { ComparisonView } from './comparison.tsx';
import { Findings } from './findings.tsx';
import type { Fault } from './local-faults.ts';

const MOST_EXAMPLES = 3;

/** Beside the editor: what is wrong with the rules as they stand, and whether they loosen. Follows every change. */
export function CheckPanel({
  query,
  local,
  behind,
}: {
  readonly query: UseQueryResult<PolicyChecked>;
  readonly local: readonly Fault[];
  /** What stands here is about rules that were changed since. */
  readonly behind: boolean;
}) {
  return (
    <Card title="What this changes" aside={behind && local.length === 0 ? 'checking…' : undefined}>
      {local.length > 0 ? (
        <p role="status" className="text-ink-2">
          {`${plural(local.length, 'place')} must be filled in first. Then you see here what the rules change.`}
        </p>
      ) : (
        <Loaded query={query} skeleton={<Skeleton className="h-24" />}>
          {({ findings, comparison }) => (
            <div className="grid gap-4">
              <ComparisonView comparison={comparison} most={MOST_EXAMPLES} />
              {findings.length > 0 && (
                <section aria-label="Found in the rules" className="border-t pt-3">
                  <h3 className="mb-1.5 font-semibold text-xs">Found in the rules</h3>
                  <Findings findings={findings} />
                </section>
              )}
            </div>
          )}
        </Loaded>
      )}
    </Card>
  );
}
