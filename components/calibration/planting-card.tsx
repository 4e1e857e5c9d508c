'use client';

import { type FormEvent, useState } from 'react';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { When } from '#components/ui/when.tsx';
import { plural } from '#lib/client/format.ts';
import { type Calibration, calibrationPatchSchema } from '#lib/contracts/calibration.ts';
import { useChangeCalibration, usePlantSoon } from './use-calibration.ts';

const DEFAULT_NAME = 'build-tools';
const WITHIN_MINUTES = 60;

/** Whether known-bad requests are planted, how often, and under which server's name. */
export function PlantingCard({ data }: { readonly data: Calibration }) {
  const { settings, ahead } = data;
  const change = useChangeCalibration();
  const plant = usePlantSoon();
  const problem = change.problem ?? plant.problem;
  return (
    <Card
      title="Planting"
      aside={<Badge tone={settings.enabled ? 'accent' : 'plain'}>{settings.enabled ? 'on' : 'off'}</Badge>}
    >
      <div className="grid gap-4">
        <p className="max-w-[72ch] text-ink-2">
          A few times a week, at random, a request that nobody should approve stands among the others. It asks for a
          tool of a server that has no upstream: whatever people decide, nothing can run. Whoever decided it is told at
          once, with what gave it away. Which request it is, and when it comes, is shown to nobody before.
        </p>
        <PlantingForm
          key={`${settings.perWeek} ${settings.server}`}
          settings={settings}
          busy={change.busy}
          onChange={(patch) => void change.run(patch)}
        />
        {problem !== null && <ProblemNotice problem={problem} />}
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t pt-3">
          <Button
            size="sm"
            busy={plant.busy}
            disabledReason={settings.enabled ? null : 'Switch planting on first.'}
            onClick={() => void plant.run(WITHIN_MINUTES)}
          >
            Plant one within the hour
          </Button>
          <p role="status" className="text-ink-3 text-xs">
            {ahead === 0 ? 'None is planned or open.' : `${plural(ahead, 'plant is', 'plants are')} planned or open.`}
          </p>
          {settings.changedAt !== null && (
            <p className="ml-auto text-ink-3 text-xs">
              Changed by {settings.changedBy}, <When at={settings.changedAt} />
            </p>
          )}
        </div>
      </div>
    </Card>
  );
}

type FormProps = {
  readonly settings: Calibration['settings'];
  readonly busy: boolean;
  readonly onChange: (patch: { enabled: boolean; perWeek: number; server: string }) => void;
};

function PlantingForm({ settings, busy, onChange }: FormProps) {
  const [perWeek, setPerWeek] = useState(String(settings.perWeek));
  const [server, setServer] = useState(settings.server ?? DEFAULT_NAME);
  const wanted = { enabled: true, perWeek: Number(perWeek), server };
  const isFit = calibrationPatchSchema.safeParse(wanted).success;
  const isSame = settings.enabled && wanted.perWeek === settings.perWeek && server === settings.server;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isFit && !isSame && !busy) onChange(wanted);
  };
  const bar = !isFit
    ? 'Give a number from 1 to 20, and a name of lower-case letters, digits and hyphens.'
    : isSame
      ? 'Nothing is changed.'
      : null;
  return (
    <form onSubmit={submit} className="flex flex-wrap items-start gap-3">
      <div className="w-28">
        <Field label="A week">
          <Input type="number" min={1} max={20} value={perWeek} onChange={(event) => setPerWeek(event.target.value)} />
        </Field>
      </div>
      <div className="min-w-48 flex-1">
        <Field label="Server’s name" hint="Like one of yours. Once people know it, give it another.">
          <Input value={server} maxLength={32} onChange={(event) => setServer(event.target.value)} />
        </Field>
      </div>
      <div className="flex gap-2 sm:pt-[1.4375rem]">
        <Button type="submit" variant={settings.enabled ? 'plain' : 'primary'} busy={busy} disabledReason={bar}>
          {settings.enabled ? 'Save' : 'Switch on'}
        </Button>
        {settings.enabled && (
          <Button
            variant="ghost"
            busy={busy}
            onClick={() =>
              onChange({ ...wanted, perWeek: settings.perWeek, server: settings.server ?? server, enabled: false })
            }
          >
            Switch off
          </Button>
        )}
      </div>
    </form>
  );
}
