import type { Metadata } from 'next';
import { CredentialPage } from '#components/credentials/credential-page.tsx';

export const metadata: Metadata = { title: 'Credential' };

type Props = { readonly params: Promise<{ readonly id: string }> };

export default async function Page({ params }: Props) {
  return <CredentialPage id={(await params).id} />;
}
