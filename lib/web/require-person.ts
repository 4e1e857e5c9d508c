import 'server-only';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { authenticateRequest } from '#lib/server/auth/authenticate-request.ts';
import { getDeps } from './deps.ts';

/**
 * The person who looks at a page; everybody else is sent to sign in and comes back afterwards.
 * `next` is a path of ours; the sign-in page must refuse any other.
 * A page that is shown is no permission: every handler checks again.
 */
export async function requirePerson(next: string): Promise<HumanPrincipal> {
  const person = await readPerson();
  if (person === null) redirect(`/sign-in?next=${encodeURIComponent(next)}`);
  return person;
}

/** The signed-in person of this page request, or null. */
export async function readPerson(): Promise<HumanPrincipal | null> {
  const incoming = await headers();
  const session = await authenticateRequest((name) => incoming.get(name), await getDeps());
  return session?.principal ?? null;
}
