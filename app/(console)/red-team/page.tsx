import type { Metadata } from 'next';
import { RedTeamPage } from '#components/red-team/red-team-page.tsx';

export const metadata: Metadata = { title: 'Red team' };

export default function Page() {
  return <RedTeamPage />;
}
