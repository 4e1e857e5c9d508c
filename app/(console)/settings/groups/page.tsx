import type { Metadata } from 'next';
import { GroupsCard } from '#components/settings/groups-card.tsx';
import { RolesCard } from '#components/settings/roles-card.tsx';
import { SettingsPage } from '#components/settings/settings-page.tsx';

export const metadata: Metadata = { title: 'Roles and groups' };

export default function Page() {
  return (
    <SettingsPage
      title="Roles and groups"
      intro="Roles say what a person may do. Groups say whose vote a rule asks for."
    >
      <RolesCard />
      <GroupsCard />
    </SettingsPage>
  );
}
