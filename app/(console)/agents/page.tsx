import type { Metadata } from 'next';
import { AgentsPage } from '#components/agents/agents-page.tsx';

export const metadata: Metadata = { title: 'Agents' };

export default function Page() {
  // No Suspense boundary: it would be hydrated after the frame, when the first answers are there already and what is
  // rendered no longer fits what the server sent.
  return <AgentsPage />;
}
