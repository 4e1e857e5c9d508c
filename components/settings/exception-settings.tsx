'use client';

import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Fact, Facts } from '#components/ui/facts.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { plural } from '#lib/client/format.ts';
import { useSettings } from '#lib/client/use-exceptions.ts';
import { useRoleBar } from '#lib/client/use-me.ts';

const editSettingsDialog = arriving(
  () => import('./edit-settings-dialog.tsx').then((file) => file.EditSettingsDialog),
  'at-rest',
);
/** How long an approval can be undone, and whether anybody may ever decide alone. */
export function ExceptionSettings() {
  const query = useSettings();
  const [editing, setEditing] = useState(false);
  const EditSettingsDialog = useArrived(editSettingsDialog, editing);
  const bar = useRoleBar('admin');
  return (
    <Card
      title="Undo and break-glass"
      aside={
        <Button size="sm" disabledReason={bar} onClick={() => setEditing(true)}>
          Change…
        </Button>
      }
    >
      <Loaded query={query} skeleton={<Skeleton className="h-16" />}>
        {(settings) => (
          <>
            <Facts>
              <Fact name="Undo window, high tier">
                {settings.undoHighS === 0 ? 'none: approved calls run at once' : plural(settings.undoHighS, 'second')}
              </Fact>
              <Fact name="Break-glass">
                {settings.breakGlassEnabled ? `on, for the group ${settings.breakGlassGroup}` : 'off'}
              </Fact>
            </Facts>
            <p className="mt-2.5 text-ink-3 text-xs">
              A rule may name its own window. Medium-tier calls have none unless a rule says so.
            </p>
            {EditSettingsDialog !== null && (
              <EditSettingsDialog settings={settings} open={editing} onOpenChange={setEditing} />
            )}
          </>
        )}
      </Loaded>
    </Card>
  );
}
