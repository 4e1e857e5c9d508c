// Server-only. What the attackers hold: the agents' secrets and the canary, sealed for the one row they lie in.
import { z } from 'zod';
import type { Keys } from '../keys/load-keys.ts';
import { open, seal } from '../keys/seal.ts';

const credential = z.object({ clientId: z.string(), clientSecret: z.string() });
const secretsSchema = z.object({ red: credential, drill: credential, canary: z.string() });
export type RedTeamSecrets = z.infer<typeof secretsSchema>;

const PLACE = 'red-team-settings:1';

export function sealSecrets(keys: Pick<Keys, 'masterKey'>, secrets: RedTeamSecrets): Uint8Array<ArrayBuffer> {
  return new Uint8Array(seal(keys.masterKey, JSON.stringify(secrets), PLACE));
}

export function openSecrets(keys: Pick<Keys, 'masterKey'>, sealed: Uint8Array): RedTeamSecrets {
  return secretsSchema.parse(JSON.parse(open(keys.masterKey, sealed, PLACE).toString('utf8')));
}
