'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Dialog, DialogContent } from '#components/ui/dialog.tsx';
import { DialogForm } from '#components/ui/dialog-form.tsx';
import { Field } from '#components/ui/field.tsx';
import { Select } from '#components/ui/input.tsx';
import { INCIDENT_KINDS, type IncidentKind, kindWords } from '#lib/core/incidents/kinds.ts';
import { useStartDrill } from './use-incident.ts';

/** Everything people handle themselves; the red-team run has a drill of its own. */
const KINDS = INCIDENT_KINDS.filter((kind) => kind !== 'drill');

type DrillDialogProps = { readonly open: boolean; readonly onOpenChange: (open: boolean) => void };

/** Begins a drill of a chosen kind, and leads to it. */
export function DrillDialog({ open, onOpenChange }: DrillDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title="Run a drill"
        description="An incident that did not happen, marked as a drill on every surface. Its steps act on nothing. How long it takes until somebody has it and until it is over is kept."
      >
        <DrillForm />
      </DialogContent>
    </Dialog>
  );
}

function DrillForm() {
  const router = useRouter();
  const [kind, setKind] = useState<IncidentKind>('credential-leaked');
  const start = useStartDrill();
  const begin = async () => {
    const answer = await start.run(kind);
    if (answer.ok) router.push(`/incidents/${answer.value.id}`);
  };
  return (
    <DialogForm
      commit="Begin the drill"
      blocked={null}
      busy={start.busy}
      problem={start.problem}
      onSubmit={() => void begin()}
    >
      <Field label="What to practise">
        <Select value={kind} onChange={(event) => setKind(KINDS.find((one) => one === event.target.value) ?? kind)}>
          {KINDS.map((one) => (
            <option key={one} value={one}>
              {kindWords(one)}
            </option>
          ))}
        </Select>
      </Field>
    </DialogForm>
  );
}
