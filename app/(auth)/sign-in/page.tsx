import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { safeNext } from '#components/auth/safe-next.ts';
import { SignInForm } from '#components/auth/sign-in-form.tsx';
import { passkeysHere } from '#lib/web/passkeys-here.ts';
import { readPerson } from '#lib/web/require-person.ts';

export const metadata: Metadata = { title: 'Sign in' };

type Props = { readonly searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function SignInPage({ searchParams }: Props) {
  const next = safeNext((await searchParams).next);
  if ((await readPerson()) !== null) redirect(next);
  return <SignInForm next={next} noPasskeysBecause={await passkeysHere()} />;
}
