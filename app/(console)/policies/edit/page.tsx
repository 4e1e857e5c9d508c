import type { Metadata } from 'next';
import { EditorPage } from '#components/policies/editor-page.tsx';

export const metadata: Metadata = { title: 'Change the rules' };

type Props = { readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>> };

export default async function Page({ searchParams }: Props) {
  const { base, draft } = await searchParams;
  return <EditorPage base={versionOf(base)} draft={versionOf(draft)} />;
}

/** A version's number out of the address; anything else is as if it were not there. */
function versionOf(text: string | string[] | undefined): number | null {
  return typeof text === 'string' && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
