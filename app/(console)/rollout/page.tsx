import type { Metadata } from 'next';
import { RolloutPage } from '#components/rollout/rollout-page.tsx';

export const metadata: Metadata = { title: 'Rollout' };

export default function Page() {
  return <RolloutPage />;
}
