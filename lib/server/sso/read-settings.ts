// Server-only.
import type { SsoSettings } from '#lib/contracts/sso.ts';
import { groupMappingsSchema } from '#lib/contracts/sso.ts';
import type { Tx } from '../db/tx.ts';
import type { Env } from '../env.ts';
import { redirectUri } from './provider.ts';

/** How people sign in, as an admin reads it. The secret is said to be there, and no more. */
export async function readSsoSettings(tx: Tx, env: Pick<Env, 'consoleUrl' | 'oidc'>): Promise<SsoSettings> {
  const row = await tx.signInSettings.findUniqueOrThrow({ where: { id: 1 } });
  const shared = {
    redirectUri: redirectUri(env),
    autoCreate: row.autoCreate,
    mappings: groupMappingsSchema.parse(row.mappings),
    passwords: row.passwords === 'on' ? ('on' as const) : ('off' as const),
    passwordsBar: await passwordsBar(tx),
  };
  if (env.oidc !== null) {
    const { clientSecretFile, ...given } = env.oidc;
    return { ...shared, ...given, source: 'host', enabled: true, hasSecret: clientSecretFile !== undefined };
  }
  return {
    ...shared,
    source: row.ssoEnabled ? 'settings' : 'none',
    enabled: row.ssoEnabled,
    name: row.name,
    issuer: row.issuer,
    clientId: row.clientId,
    hasSecret: row.clientSecret !== null,
    scopes: row.scopes,
    groupsClaim: row.groupsClaim,
  };
}

/**
 * Why passwords cannot be switched off; null = they can. An active admin must have come in another way first, because
 * otherwise the switch would shut everybody out.
 */
export async function passwordsBar(tx: Tx): Promise<string | null> {
  const rows = await tx.$queryRaw<{ one: number }[]>`
    SELECT 1 AS one FROM people p WHERE p.status = 'active' AND 'admin' = ANY (p.roles)
      AND EXISTS (SELECT FROM person_sessions s WHERE s.person_id = p.id AND s.method IN ('sso', 'passkey')) LIMIT 1`;
  return rows.length > 0 ? null : 'First an admin must have signed in through the provider or with a passkey.';
}
