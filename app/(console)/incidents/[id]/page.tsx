import type { Metadata } from 'next';
import { IncidentPage } from '#components/incidents/incident-page.tsx';

export const metadata: Metadata = { title: 'Incident' };

type Props = { readonly params: Promise<{ readonly id: string }> };

export default async function Page({ params }: Props) {
  return <IncidentPage id={(await params).id} />;
}
