'use client';

import { LoaderCircle } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { useRoleBar } from '#lib/client/use-me.ts';
import type { Simulation } from '#lib/contracts/policies.ts';
import { SimulationResult } from './simulation-result.tsx';
import { type Simulated, useSimulate } from './use-policies.ts';

const PERIODS = [
  { value: '1', text: '24 hours' },
  { value: '7', text: '7 days' },
  { value: '30', text: '30 days' },
] as const;
type Period = (typeof PERIODS)[number]['value'];

/** Runs rules over the calls that really happened, before anybody has to live with them. */
export function SimulatePanel({ of, blocked = null }: { readonly of: Simulated; readonly blocked?: string | null }) {
  const simulate = useSimulate();
  const bar = useRoleBar('admin', 'security');
  const [days, setDays] = useState<Period>('30');
  const [result, setResult] = useState<{ readonly of: string; readonly simulation: Simulation } | null>(null);
  // What was simulated is no longer what stands there: numbers of other rules must not be taken for theirs.
  const outdated = result !== null && result.of !== JSON.stringify(of);
  const run = async () => {
    const asked = JSON.stringify(of);
    const answer = await simulate.run({ of, days: Number(days) });
    if (answer.ok) setResult({ of: asked, simulation: answer.value });
  };
  return (
    <Card title="Simulate on recorded calls" aside="nothing is changed">
      <div className="grid gap-4">
        <div className="flex flex-wrap items-center gap-2.5">
          <Segmented label="How far back" value={days} onChange={setDays} options={PERIODS} />
          <Button busy={simulate.busy} disabledReason={bar ?? blocked} onClick={() => void run()}>
            {result === null ? 'Simulate' : 'Simulate again'}
          </Button>
          <p className="text-ink-3 text-xs">Every call of that time, decided by what is in force and by these rules.</p>
        </div>
        <div role="status" className={simulate.busy || outdated ? undefined : 'sr-only'}>
          {simulate.busy && (
            <p className="flex items-center gap-2 text-ink-2">
              <LoaderCircle aria-hidden="true" className="size-3.5 animate-spin" />
              Deciding the recorded calls anew. This takes a few seconds.
            </p>
          )}
          {!simulate.busy && outdated && (
            <p className="text-medium">The rules were changed since: these are the figures of before.</p>
          )}
          {!simulate.busy && result !== null && !outdated && 'The simulation is done.'}
        </div>
        {simulate.problem !== null && <ProblemNotice problem={simulate.problem} />}
        {result !== null && <SimulationResult simulation={result.simulation} />}
      </div>
    </Card>
  );
}
