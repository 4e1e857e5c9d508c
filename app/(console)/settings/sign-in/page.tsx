import type { Metadata } from 'next';
import { ForRoles } from '#components/settings/for-roles.tsx';
import { SettingsPage } from '#components/settings/settings-page.tsx';
import { SignInCard } from '#components/settings/sign-in-card.tsx';

export const metadata: Metadata = { title: 'Sign-in' };

export default function Page() {
  return (
    <SettingsPage title="Sign-in" intro="The provider people come through, what its groups give, and passwords.">
      <ForRoles roles={['admin']} why="How people sign in decides who gets in, so only an admin reads it.">
        <SignInCard />
      </ForRoles>
    </SettingsPage>
  );
}
