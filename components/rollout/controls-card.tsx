'use client';

import { useState } from 'react';
import { Card } from '#components/ui/card.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import type { Rollout } from '#lib/contracts/rollout.ts';
import { ControlItem } from './control-item.tsx';

const openObserveDialog = arriving(
  () => import('#components/observe-form/open-observe-dialog.tsx').then((file) => file.OpenObserveDialog),
  'at-rest',
);

/** The eight controls: enforced, in observe for a while, or not running yet. */
export function ControlsCard({ controls }: { readonly controls: Rollout['controls'] }) {
  const [opening, setOpening] = useState<string | null>(null);
  const OpenObserveDialog = useArrived(openObserveDialog, opening !== null);
  return (
    <section id="controls" aria-label="Controls" className="min-w-0 scroll-mt-16">
      <Card title="The eight controls" aside="Opening a window takes two people; enforcing takes one" flush>
        <ul>
          {controls.map((control) => (
            <ControlItem key={control.id} control={control} onObserve={setOpening} />
          ))}
        </ul>
      </Card>
      {OpenObserveDialog !== null && (
        <OpenObserveDialog
          open={opening !== null}
          onOpenChange={(open) => {
            if (!open) setOpening(null);
          }}
          first={opening ?? undefined}
        />
      )}
    </section>
  );
}
