// Server-only. From an opened version to what one call carries.
import { redactSpellings, spellingsOf } from '#lib/core/credentials/redact.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Egress } from '../egress/connector.ts';
import type { Lease } from './leases.ts';
import type { Material } from './material.ts';
import { mintToken } from './mint.ts';

/** Makes the lease of an opened version; for OAuth kinds that asks the authorisation server. */
export async function makeLease(
  egress: Pick<Egress, 'poolFor'>,
  material: Material,
  nowMs: () => number,
): Promise<Result<Lease, string>> {
  const { config, secret } = material;
  switch (config.kind) {
    case 'bearer':
      return ok(lease(material, [['authorization', `Bearer ${secret}`]], [secret]));
    case 'header':
      return ok(lease(material, [[config.header.toLowerCase(), secret]], [secret]));
    case 'basic': {
      const pair = Buffer.from(`${config.username}:${secret}`).toString('base64');
      return ok(lease(material, [['authorization', `Basic ${pair}`]], [secret, pair]));
    }
    case 'env':
      return ok({ ...lease(material, [], [secret]), env: { [config.variable]: secret } });
    case 'client-certificate':
      return err('A certificate is shown when the connection is made; it is sent with no request.');
    case 'oauth-client-credentials':
    case 'token-exchange': {
      const minted = await mintToken(egress, config, secret, nowMs);
      if (!minted.ok) return err(minted.error);
      const { token, expiresAtMs } = minted.value;
      return ok({ ...lease(material, [['authorization', `Bearer ${token}`]], [token]), expiresAtMs });
    }
  }
}

function lease({ credentialId, version }: Material, headers: Lease['headers'], secrets: readonly string[]): Lease {
  const spellings = spellingsOf(secrets);
  const redact = (text: string) => redactSpellings(text, spellings);
  return { credentialId, version, headers, env: {}, expiresAtMs: null, redact };
}
