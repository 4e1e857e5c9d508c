import type { Metadata } from 'next';
import { ForRoles } from '#components/settings/for-roles.tsx';
import { KeysPage } from '#components/settings/keys-page.tsx';
import { SettingsPage } from '#components/settings/settings-page.tsx';

export const metadata: Metadata = { title: 'Keys' };

export default function Page() {
  return (
    <SettingsPage title="Keys" intro="The installation’s own keys: what each is for, how old it is, and when it turns.">
      <ForRoles
        roles={['admin', 'security']}
        why="How far a change of keys got is for those who run it. The log’s public key is in the Audit page’s exports."
      >
        <KeysPage />
      </ForRoles>
    </SettingsPage>
  );
}
