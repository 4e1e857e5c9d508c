import type { Metadata } from 'next';
import { ServerPage } from '#components/servers/server-page.tsx';

type Props = { readonly params: Promise<{ readonly name: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).name };
}

export default async function Page({ params }: Props) {
  return <ServerPage name={(await params).name} />;
}
