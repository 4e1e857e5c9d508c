import type { Metadata } from 'next';
import { AboutPage } from '#components/settings/about-page.tsx';
import { DocsCard } from '#components/settings/docs-card.tsx';
import { LicencesCard } from '#components/settings/licences-card.tsx';
import { SettingsPage } from '#components/settings/settings-page.tsx';

export const metadata: Metadata = { title: 'About' };

export default function Page() {
  return (
    <SettingsPage title="About" intro="What runs here, how it is, and what it is made of.">
      <AboutPage />
      <DocsCard />
      <LicencesCard />
    </SettingsPage>
  );
}
