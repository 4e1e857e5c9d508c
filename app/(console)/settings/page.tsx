import type { Metadata } from 'next';
import { PasskeysCard } from '#components/passkeys/passkeys-card.tsx';
import { OwnSessionsCard } from '#components/sessions/own-sessions-card.tsx';
import { ExceptionSettings } from '#components/settings/exception-settings.tsx';
import { SettingsPage } from '#components/settings/settings-page.tsx';
import { SignInCard } from '#components/settings/sign-in-card.tsx';
import { readParts } from '#lib/server/settings/read-parts.ts';
import { getDeps } from '#lib/web/deps.ts';
import { requirePerson } from '#lib/web/require-person.ts';

export const metadata: Metadata = { title: 'Settings' };

export default async function Page() {
  await requirePerson('/settings');
  const { prisma, env } = await getDeps();
  return (
    <SettingsPage parts={await readParts(prisma)} gatewayUrl={env.gatewayUrl}>
      <OwnSessionsCard />
      <PasskeysCard />
      <SignInCard />
      <ExceptionSettings />
    </SettingsPage>
  );
}
