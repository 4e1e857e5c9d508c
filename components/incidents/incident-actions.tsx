'use client';

import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import type { IncidentDetail } from '#lib/contracts/incidents.ts';
import { useResolveIncident, useTakeIncident } from './use-incident.ts';

type ActionsProps = { readonly incident: IncidentDetail; readonly bar: string | null };

/** Take it, take it over, resolve it; each blocked with its reason where it cannot be done. */
export function IncidentActions({ incident, bar }: ActionsProps) {
  const [open, setOpen] = useState<'take' | 'resolve' | null>(null);
  const take = useTakeIncident(incident.id);
  const resolve = useResolveIncident(incident.id);
  if (incident.state === 'resolved') return null;
  const { mine, state, drill } = incident;
  const toggle = (which: 'take' | 'resolve') => (on: boolean) => {
    take.reset();
    resolve.reset();
    setOpen(on ? which : null);
  };
  const takeOver = async () => {
    if ((await take.run(true)).ok) setOpen(null);
  };
  const end = async (reason: string) => {
    if ((await resolve.run(reason)).ok) setOpen(null);
  };
  return (
    <>
      {state === 'open' && (
        <Button variant="primary" busy={take.busy} disabledReason={bar} onClick={() => void take.run(false)}>
          Take it
        </Button>
      )}
      {state === 'acknowledged' && !mine && (
        <Button disabledReason={bar} onClick={() => toggle('take')(true)}>
          Take it over…
        </Button>
      )}
      <Button
        variant={mine ? 'primary' : 'plain'}
        disabledReason={bar ?? resolveBar(incident)}
        onClick={() => toggle('resolve')(true)}
      >
        Resolve…
      </Button>
      {take.problem !== null && open === null && <ProblemNotice problem={take.problem} className="basis-full" />}
      <ConfirmDialog
        open={open === 'take'}
        onOpenChange={toggle('take')}
        title={`Take it over from ${incident.acknowledgedBy ?? 'them'}?`}
        consequence="They may be at work on it: tell them."
        confirmWord="Take it over"
        busy={take.busy}
        problem={take.problem}
        onConfirm={() => void takeOver()}
      />
      <ConfirmDialog
        open={open === 'resolve'}
        onOpenChange={toggle('resolve')}
        title={drill ? 'End this drill?' : 'Resolve this incident?'}
        consequence={
          drill
            ? 'How long it took is kept.'
            : 'If it is signalled again within a day it opens again, with this in its story.'
        }
        confirmWord={drill ? 'End the drill' : 'Resolve'}
        reasonLabel="What it was, and what was done"
        busy={resolve.busy}
        problem={resolve.problem}
        onConfirm={(reason) => void end(reason)}
      />
    </>
  );
}

function resolveBar({ closes, mine, resolveBar: own }: IncidentDetail): string | null {
  if (closes === 'evidence') return 'Only evidence closes this one: a green rerun, or a run that comes.';
  return mine ? own : 'Take it first.';
}
