import type { Metadata } from 'next';
import { SettingsPage } from '#components/settings/settings-page.tsx';
import { ShortcutSettings } from '#components/shortcuts/shortcut-settings.tsx';
import { Card } from '#components/ui/card.tsx';

export const metadata: Metadata = { title: 'Shortcuts' };

export default function Page() {
  return (
    <SettingsPage title="Shortcuts" intro="Which key does what. Every one can be changed or switched off.">
      <Card title="Keyboard">
        <ShortcutSettings />
      </Card>
    </SettingsPage>
  );
}
