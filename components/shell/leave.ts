'use client';

import { signOut } from '#lib/client/sign-in.ts';

/** Ends the session and goes to the door; false when the server did not answer, so that nobody walks away signed in. */
export async function leave(): Promise<boolean> {
  const answer = await signOut();
  if (answer.ok) window.location.assign('/sign-in');
  return answer.ok;
}
