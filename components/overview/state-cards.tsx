'use client';

import Link from 'next/link';
import { BarTable } from '#components/charts/bar-table.tsx';
import { CsvButton } from '#components/charts/csv-button.tsx';
import { useKillSwitch } from '#components/shell/kill-state.ts';
import { scopeWords } from '#components/shell/kill-words.ts';
import { TierBadge } from '#components/shell/tier-badge.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Card } from '#components/ui/card.tsx';
import { Fact, Facts } from '#components/ui/facts.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { When } from '#components/ui/when.tsx';
import { plural } from '#lib/client/format.ts';
import { useIncidents } from '#lib/client/lists/use-incidents.ts';
import { useHasRole } from '#lib/client/use-me.ts';
import type { Overview } from '#lib/contracts/overview.ts';

/** The registry by blast radius: servers of each tier, with what changed under them. */
export function RegistryCard({ data }: { readonly data: Overview }) {
  const { servers, agents } = data;
  const numbers = () => ({
    header: ['Tier', 'Servers', 'Tools changed', 'Tools new'],
    rows: servers.byTier.map((row) => [row.tier, row.servers, row.drifted, row.waiting]),
  });
  return (
    <Card
      title="Servers by tier and drift"
      aside={
        <span className="flex items-center gap-3">
          <CsvButton name="servers" numbers={numbers} />
          <Link href="/servers" className="link target">
            Servers
          </Link>
        </span>
      }
    >
      <BarTable
        caption="Servers by tier and drift"
        nameHeading="Tier"
        headings={['Servers', 'Changed']}
        rows={servers.byTier.map((row) => ({
          key: row.tier,
          name: <TierBadge tier={row.tier} />,
          parts: [
            { look: 'solid', count: row.servers },
            { look: 'hollow', count: row.drifted },
          ],
        }))}
      />
      <Facts className="mt-2.5 border-t pt-2.5">
        <Fact name="Changed definitions">
          {servers.drifted > 0 ? <Badge tone="danger">{`${servers.drifted} to look at`}</Badge> : 'none'}
        </Fact>
        {servers.disabled > 0 && <Fact name="Switched off">{plural(servers.disabled, 'server')}</Fact>}
        <Fact name="Agents">{plural(agents.active, 'active agent')}</Fact>
      </Facts>
    </Card>
  );
}

/** Whether anything is stopped, and how fresh the record is. */
export function SafetyCard({ data }: { readonly data: Overview }) {
  const query = useKillSwitch();
  return (
    <Card
      title="Switch and record"
      aside={
        <Link href="/kill-switch" className="link target">
          Kill switch
        </Link>
      }
    >
      <Loaded query={query} skeleton={<Skeleton className="h-16" />}>
        {(state) => {
          const stopped = state.scopes.filter((scope) => scope.on);
          return (
            <Facts>
              <Fact name="Kill switch">
                {stopped.length === 0 ? (
                  <Badge tone="good">nothing is stopped</Badge>
                ) : (
                  <Badge tone="danger">{stopped.map((scope) => scopeWords(scope.scope)).join(', ')}: stopped</Badge>
                )}
              </Fact>
              <OpenIncidents />
              <Fact name="Gateways running">
                <span className="tabular">{state.gateways.length}</span>
              </Fact>
              <Fact name="Signed checkpoint">
                {data.log.lastCheckpointAt === null ? 'none yet' : <When at={data.log.lastCheckpointAt} />}
              </Fact>
              <Fact name="Separation">
                {state.separation === 'solo' ? 'solo: one reviewer' : 'two or more reviewers'}
              </Fact>
              <Fact name="Red team">
                <RedTeamFact redTeam={data.redTeam} />
              </Fact>
            </Facts>
          );
        }}
      </Loaded>
    </Card>
  );
}

const LIGHTS = { green: 'good', amber: 'warning', red: 'danger' } as const;

function RedTeamFact({ redTeam }: Pick<Overview, 'redTeam'>) {
  if (redTeam === null) return 'no run yet';
  return (
    <Link href="/red-team" className="target">
      <Badge tone={LIGHTS[redTeam.light]}>{`${redTeam.held} of ${redTeam.counted} held`}</Badge>
    </Link>
  );
}

/** What somebody must look at; only for those who may read it. */
function OpenIncidents() {
  const may = useHasRole('security', 'admin') === 'yes';
  const counts = useIncidents('open', may).data?.pages[0]?.counts;
  if (!may) return null;
  return (
    <Fact name="Open incidents">
      {counts === undefined || counts.open + counts.acknowledged === 0 ? (
        <Link href="/incidents" className="link inline-flex min-h-6 min-w-6 items-center justify-end">
          {counts === undefined ? '\u2013' : 'none'}
        </Link>
      ) : (
        <Link href="/incidents" className="inline-flex min-h-6 items-center">
          <Badge tone={counts.open > 0 ? 'danger' : 'warning'}>
            {counts.open > 0 ? `${counts.open} nobody has` : `${counts.acknowledged} in hand`}
          </Badge>
        </Link>
      )}
    </Fact>
  );
}
