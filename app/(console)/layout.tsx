import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { PlantNoticeLater } from '#components/calibration/plant-notice-later.tsx';
import { AppBadge } from '#components/notifications/app-badge.tsx';
import { ChimeLater } from '#components/notifications/chime-later.tsx';
import { ServiceWorker } from '#components/notifications/service-worker.tsx';
import { ConsoleProviders } from '#components/providers/console-providers.tsx';
import { ConsoleShell } from '#components/shell/console-shell.tsx';
import { readServiceWorker } from '#lib/server/service-worker/service-worker-file.ts';
import { requirePerson } from '#lib/web/require-person.ts';

export default async function ConsoleLayout({ children }: { readonly children: ReactNode }) {
  await requirePerson((await headers()).get('x-countersign-path') ?? '/');
  return (
    <ConsoleProviders>
      <ConsoleShell>
        <PlantNoticeLater />
        {children}
      </ConsoleShell>
      <AppBadge />
      <ChimeLater />
      {readServiceWorker(process.cwd()) !== null && <ServiceWorker />}
    </ConsoleProviders>
  );
}
