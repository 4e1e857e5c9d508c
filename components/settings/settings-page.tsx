import type { ReactNode } from 'react';
import { Page } from '#components/ui/page.tsx';

type SettingsPageProps = { readonly title: string; readonly intro: string; readonly children: ReactNode };

/** One section of the settings: its heading, a sentence, and its cards below each other. */
export function SettingsPage({ title, intro, children }: SettingsPageProps) {
  return (
    <Page title={title} intro={intro} width="reading">
      <div className="grid gap-4">{children}</div>
    </Page>
  );
}
