import type { Metadata } from 'next';
import { PasskeysCard } from '#components/passkeys/passkeys-card.tsx';
import { OwnSessionsCard } from '#components/sessions/own-sessions-card.tsx';
import { SettingsPage } from '#components/settings/settings-page.tsx';

export const metadata: Metadata = { title: 'Settings' };

export default function Page() {
  return (
    <SettingsPage title="Passkeys and sessions" intro="How you come in, and where you are signed in now.">
      <PasskeysCard />
      <OwnSessionsCard />
    </SettingsPage>
  );
}
