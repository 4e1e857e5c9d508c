import type { Metadata } from 'next';
import { KeptCard } from '#components/settings/kept-card.tsx';
import { RetentionPage } from '#components/settings/retention-page.tsx';
import { SettingsPage } from '#components/settings/settings-page.tsx';

export const metadata: Metadata = { title: 'Retention' };

export default function Page() {
  return (
    <SettingsPage
      title="Retention"
      intro="What is kept how long. The log itself is never erased; the sealed arguments and results beside it go when two people say so."
    >
      <RetentionPage />
      <KeptCard />
    </SettingsPage>
  );
}
