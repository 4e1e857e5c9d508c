import type { Metadata } from 'next';
import { PoliciesPage } from '#components/policies/policies-page.tsx';
import { readPolicy } from '#lib/server/policies/read-policy.ts';
import { getDeps } from '#lib/web/deps.ts';
import { requirePerson } from '#lib/web/require-person.ts';

export const metadata: Metadata = { title: 'Policies' };

export default async function Page() {
  await requirePerson('/policies');
  const { prisma } = await getDeps();
  return <PoliciesPage policy={await readPolicy(prisma)} />;
}
