'use client';

import { arriving, useArrived } from '#components/ui/later.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { usePreferences } from './use-preferences.ts';

const form = arriving(() => import('./preferences-form.tsx').then((file) => file.PreferencesForm), 'at-once');

/** What one is told of and how, and when not. */
export function PreferencesCard() {
  const PreferencesForm = useArrived(form);
  const query = usePreferences();
  return (
    <Loaded query={query} skeleton={<Skeleton card className="h-96" />} arrived={PreferencesForm !== null}>
      {(preferences) => PreferencesForm !== null && <PreferencesForm saved={preferences} />}
    </Loaded>
  );
}
