import 'server-only';
import { headers } from 'next/headers';
import { relyingPartyAt } from '#lib/server/passkeys/relying-party.ts';
import { getDeps } from './deps.ts';

/** Why the browser that asks for this page can use no passkey at its address; null = it can. */
export async function passkeysHere(): Promise<string | null> {
  const { env } = await getDeps();
  const party = relyingPartyAt(env.consoleUrl, (await headers()).get('host'));
  return party.ok ? null : party.error.sentence;
}
