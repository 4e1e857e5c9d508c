import type { Metadata } from 'next';
import { RunPage } from '#components/red-team/run-page.tsx';

type Props = { readonly params: Promise<{ readonly run: string }> };

export const metadata: Metadata = { title: 'Red-team run' };

export default async function Page({ params }: Props) {
  return <RunPage id={(await params).run} />;
}
