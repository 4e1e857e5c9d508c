import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { SignInForm } from '#components/auth/sign-in-form.tsx';
import { PROBLEMS, type ProblemCode, problem } from '#lib/contracts/problems.ts';
import { safeNext } from '#lib/contracts/safe-next.ts';
import { signInOffer } from '#lib/server/sso/provider.ts';
import { getDeps } from '#lib/web/deps.ts';
import { passkeysHere } from '#lib/web/passkeys-here.ts';
import { readPerson } from '#lib/web/require-person.ts';

export const metadata: Metadata = { title: 'Sign in' };

type Props = { readonly searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function SignInPage({ searchParams }: Props) {
  const { next: wanted, error } = await searchParams;
  const next = safeNext(wanted);
  const refused = isProblemCode(error) ? problem(error) : null;
  if (refused === null && (await readPerson()) !== null) redirect(next);
  const { prisma, env } = await getDeps();
  const offer = await signInOffer(prisma, env);
  return <SignInForm next={next} noPasskeysBecause={await passkeysHere()} refused={refused} {...offer} />;
}

// Words of ours only: whoever writes the link chooses among them, and says nothing of their own.
function isProblemCode(text: unknown): text is ProblemCode {
  return typeof text === 'string' && Object.hasOwn(PROBLEMS, text);
}
