import type { Metadata } from 'next';
import { BrowsersCard } from '#components/notifications/browsers-card.tsx';
import { PreferencesCard } from '#components/notifications/preferences-card.tsx';
import { SoundCard } from '#components/notifications/sound-card.tsx';
import { SettingsPage } from '#components/settings/settings-page.tsx';

export const metadata: Metadata = { title: 'Notifications' };

export default function Page() {
  return (
    <SettingsPage title="Notifications" intro="What you are told of, where, and when not.">
      <BrowsersCard />
      <SoundCard />
      <PreferencesCard />
    </SettingsPage>
  );
}
