import type { Metadata } from 'next';
import { Suspense } from 'react';
import { ServersPage } from '#components/servers/servers-page.tsx';

export const metadata: Metadata = { title: 'Servers' };

export default function Page() {
  return (
    <Suspense>
      <ServersPage />
    </Suspense>
  );
}
