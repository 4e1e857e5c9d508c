import type { Metadata } from 'next';
import { KillSwitchPage } from '#components/kill-switch/kill-switch-page.tsx';

export const metadata: Metadata = { title: 'Kill switch' };

export default function Page() {
  return <KillSwitchPage />;
}
