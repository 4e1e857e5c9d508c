import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Gallery } from '#components/approvals/gallery.tsx';
import { getDeps } from '#lib/web/deps.ts';

export const metadata: Metadata = { title: 'Gallery' };

type Props = { readonly searchParams: Promise<Record<string, string | string[] | undefined>> };

// States of the review screen that are hard to reach by hand. Only in development.
export default async function GalleryPage({ searchParams }: Props) {
  if (!(await getDeps()).env.dev) notFound();
  const { state } = await searchParams;
  return <Gallery state={typeof state === 'string' ? state : ''} />;
}
