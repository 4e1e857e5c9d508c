import type { Metadata } from 'next';
import { PoliciesPage } from '#components/policies/policies-page.tsx';
import { TierDefaults } from '#components/policies/tier-defaults.tsx';

export const metadata: Metadata = { title: 'Policies' };

export default function Page() {
  return <PoliciesPage defaults={<TierDefaults />} />;
}
