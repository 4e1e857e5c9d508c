import type { Metadata } from 'next';
import { ExceptionSettings } from '#components/settings/exception-settings.tsx';
import { SettingsPage } from '#components/settings/settings-page.tsx';

export const metadata: Metadata = { title: 'Undo and break-glass' };

export default function Page() {
  return (
    <SettingsPage
      title="Undo and break-glass"
      intro="How long an approval can be taken back, and whether anybody may ever decide alone."
    >
      <ExceptionSettings />
    </SettingsPage>
  );
}
