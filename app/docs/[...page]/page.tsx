import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { DocFrame } from '#components/docs/doc-frame.tsx';
import { DocText } from '#components/docs/doc-text.tsx';
import { listDocs, readDoc } from '#lib/server/docs/read-doc.ts';

type Props = { readonly params: Promise<{ readonly page: readonly string[] }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: readDoc(process.cwd(), (await params).page.join('/'))?.title ?? 'Documentation' };
}

export default async function DocPage({ params }: Props) {
  const doc = readDoc(process.cwd(), (await params).page.join('/'));
  if (doc === null) notFound();
  return (
    <DocFrame pages={listDocs(process.cwd())} current={doc.slug}>
      <DocText text={doc.text} file={doc.file} />
    </DocFrame>
  );
}
