'use client';

import { Badge } from '#components/ui/badge.tsx';
import { Card } from '#components/ui/card.tsx';
import { Fact, Facts } from '#components/ui/facts.tsx';
import { plural } from '#lib/client/format.ts';
import type { CredentialView } from '#lib/contracts/credentials.ts';

/** How far the way to minted credentials is, and what stands in it. */
export function StandingCard({ credentials }: { readonly credentials: readonly CredentialView[] }) {
  const count = (is: (one: CredentialView) => boolean) => credentials.filter(is).length;
  const migration = count((one) => one.migrationOnly);
  const ended = count((one) => one.status === 'ended');
  const failed = count((one) => one.status === 'failed');
  const ending = count((one) => one.status === 'ending');
  const minted = count((one) => one.kind === 'oauth-client-credentials' || one.kind === 'token-exchange');
  return (
    <Card title="How they stand">
      <Facts>
        <Fact name="Minted at each use">
          <span className="tabular">{`${minted} of ${credentials.length}`}</span>
        </Fact>
        <Fact name="For migration only">
          {migration === 0 ? 'none' : <Badge tone="warning">{`${migration} to replace`}</Badge>}
        </Fact>
        <Fact name="Ending soon">
          {ending === 0 ? 'none' : <Badge tone="warning">{plural(ending, 'credential')}</Badge>}
        </Fact>
        <Fact name="Refused by the server">
          {failed === 0 ? 'none' : <Badge tone="danger">{plural(failed, 'credential')}</Badge>}
        </Fact>
        <Fact name="Ended">{ended === 0 ? 'none' : <Badge tone="danger">{plural(ended, 'credential')}</Badge>}</Fact>
        <Fact name="Rotated by themselves">
          <span className="tabular">{count((one) => one.hook !== null)}</span>
        </Fact>
      </Facts>
      <p className="mt-3 border-t pt-3 text-ink-3 text-xs">
        A reminder is given 14, 7 and 1 days before an end, here and in the log.
      </p>
    </Card>
  );
}
