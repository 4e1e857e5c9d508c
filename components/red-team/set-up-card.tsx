'use client';

import { Swords } from 'lucide-react';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { useRoleBar } from '#lib/client/use-me.ts';
import { DRILL_AGENT, RED_TEAM_AGENT, SINK_SERVER, VAULT_SERVER } from '#lib/core/red-team/sink.ts';
import { useSetUp } from './use-red-team.ts';

const PARTS = [
  [`Agents ${RED_TEAM_AGENT} and ${DRILL_AGENT}`, 'may use nothing but the two servers below; they belong to you'],
  [`Server ${SINK_SERVER}`, 'tools of every tier, declared and with nothing behind them'],
  [`Server ${VAULT_SERVER}`, 'switched off; keeps a secret that is good for nothing, to see whether it gets out'],
  ['A listed destination', 'a name that leads nowhere, for the agent’s way out'],
] as const;

/** What setting up makes, before anybody presses the button. */
export function SetUpCard() {
  const setUp = useSetUp();
  const bar = useRoleBar('admin');
  return (
    <Card>
      <EmptyState
        icon={<Swords aria-hidden="true" />}
        title="No red team yet"
        action={
          <Button variant="primary" busy={setUp.busy} disabledReason={bar} onClick={() => void setUp.run(undefined)}>
            Set up the red team
          </Button>
        }
      >
        <p>
          It shows every week that the guardrails hold, and says so at once when one no longer does. What it asks for
          reaches nobody: it is taken back at once, notifies nobody and counts in no figure.
        </p>
      </EmptyState>
      {setUp.problem !== null && <ProblemNotice problem={setUp.problem} className="mx-auto mb-4 max-w-xl" />}
      <dl className="mx-auto grid max-w-xl gap-2 border-t py-4 text-sm">
        {PARTS.map(([name, what]) => (
          <div key={name}>
            <dt className="font-semibold">{name}</dt>
            <dd className="text-ink-2">{what}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
