import type { Metadata } from 'next';
import { ConfirmCommandLine } from '#components/sessions/confirm-command-line.tsx';

export const metadata: Metadata = { title: 'Sign a command line in' };

type Props = { readonly searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function CommandLinePage({ searchParams }: Props) {
  const { code } = await searchParams;
  return <ConfirmCommandLine code={typeof code === 'string' ? code.slice(0, 20) : ''} />;
}
