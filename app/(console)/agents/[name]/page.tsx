import type { Metadata } from 'next';
import { AgentPage } from '#components/agents/agent-page.tsx';

type Props = { readonly params: Promise<{ readonly name: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).name };
}

export default async function Page({ params }: Props) {
  return <AgentPage name={(await params).name} />;
}
