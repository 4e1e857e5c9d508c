import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { VersionPage } from '#components/policies/version-page.tsx';

type Props = { readonly params: Promise<{ readonly version: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Policy version ${(await params).version}` };
}

export default async function Page({ params }: Props) {
  const { version } = await params;
  if (!/^[1-9]\d{0,8}$/.test(version)) notFound();
  return <VersionPage version={Number(version)} />;
}
