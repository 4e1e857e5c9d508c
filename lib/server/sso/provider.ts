// Server-only. Which OpenID provider signs people in here.
import { type GroupMapping, groupMappingsSchema } from '#lib/contracts/sso.ts';
import type { Tx } from '../db/tx.ts';
import type { Env } from '../env.ts';
import { readSecret } from '../keys/key-files.ts';
import type { Keys } from '../keys/load-keys.ts';
import { open, seal } from '../keys/seal.ts';

export type Provider = {
  readonly source: 'host' | 'settings';
  readonly issuer: string;
  readonly clientId: string;
  /** Null: a public client, which PKCE alone protects. */
  readonly clientSecret: string | null;
  readonly scopes: string;
  readonly groupsClaim: string;
  readonly name: string;
};

/** How people sign in, beside which provider. */
export type SignInRules = {
  readonly passwords: 'on' | 'off';
  readonly autoCreate: boolean;
  readonly mappings: readonly GroupMapping[];
};

const SECRET_AAD = 'sign_in_settings:client_secret';

/** The client secret as the database keeps it. */
export function sealClientSecret(keys: Pick<Keys, 'masterKey'>, secret: string): Buffer {
  return seal(keys.masterKey, secret, SECRET_AAD);
}

/** The provider; null when there is none. What the host's environment names goes before the settings. */
export async function readProvider(
  tx: Pick<Tx, 'signInSettings'>,
  keys: Pick<Keys, 'masterKey'>,
  env: Pick<Env, 'oidc'>,
): Promise<Provider | null> {
  if (env.oidc !== null) {
    const { clientSecretFile, ...given } = env.oidc;
    const clientSecret = clientSecretFile === undefined ? null : readSecret(clientSecretFile).trim();
    return { source: 'host', ...given, clientSecret };
  }
  const row = await tx.signInSettings.findUniqueOrThrow({ where: { id: 1 } });
  if (!row.ssoEnabled || row.issuer === null || row.clientId === null) return null;
  return {
    source: 'settings',
    issuer: row.issuer,
    clientId: row.clientId,
    clientSecret:
      row.clientSecret === null ? null : open(keys.masterKey, row.clientSecret, SECRET_AAD).toString('utf8'),
    scopes: row.scopes,
    groupsClaim: row.groupsClaim,
    name: row.name,
  };
}

/** Whether passwords open anything, whom the provider may bring in, and what its groups mean. */
export async function readSignInRules(tx: Pick<Tx, 'signInSettings'>): Promise<SignInRules> {
  const row = await tx.signInSettings.findUniqueOrThrow({ where: { id: 1 } });
  return {
    // Anything but the word itself is off: a value nobody knows opens nothing.
    passwords: row.passwords === 'on' ? 'on' : 'off',
    autoCreate: row.autoCreate,
    mappings: groupMappingsSchema.parse(row.mappings),
  };
}

/** What the sign-in page offers, without a secret. */
export async function signInOffer(
  tx: Pick<Tx, 'signInSettings'>,
  env: Pick<Env, 'oidc'>,
): Promise<{ readonly provider: string | null; readonly passwords: boolean }> {
  const row = await tx.signInSettings.findUniqueOrThrow({ where: { id: 1 } });
  const provider = env.oidc !== null ? env.oidc.name : row.ssoEnabled ? row.name : null;
  return { provider, passwords: row.passwords === 'on' };
}

/** The one address the provider sends browsers back to; it is compared byte by byte on both sides. */
export function redirectUri(env: Pick<Env, 'consoleUrl'>): string {
  return `${env.consoleUrl}/api/v1/sign-in/sso/callback`;
}
