import type { Metadata } from 'next';
import { ChannelsCard } from '#components/notifications/channels-card.tsx';
import { DeliveriesCard } from '#components/notifications/deliveries-card.tsx';
import { OnCallCard } from '#components/notifications/on-call-card.tsx';
import { ForRoles } from '#components/settings/for-roles.tsx';
import { SettingsPage } from '#components/settings/settings-page.tsx';

export const metadata: Metadata = { title: 'Channels and on-call' };

export default function Page() {
  return (
    <SettingsPage title="Channels and on-call" intro="How people, rooms and machines are told, and who is told first.">
      <ChannelsCard />
      <OnCallCard />
      <ForRoles roles={['admin', 'security']} why="What was sent to whom is for those who run it.">
        <DeliveriesCard />
      </ForRoles>
    </SettingsPage>
  );
}
