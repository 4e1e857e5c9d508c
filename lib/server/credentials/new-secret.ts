// Server-only. What somebody offers as a secret, judged before it is stored.
import type { CredentialConfig } from '#lib/contracts/credentials.ts';
import { type KnownToken, recogniseToken } from '#lib/core/credentials/known-tokens.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { type ConfigRefusal, refuse } from '../db/config-write.ts';
import { readCertificate } from './certificate-pem.ts';
import { newClientKey, publicJwkOf } from './client-key.ts';
import { type OAuthSecret, writeOAuthSecret } from './material.ts';

export type NewSecret = {
  readonly stored: string;
  readonly publicJwk: Readonly<Record<string, string>> | null;
  readonly recognised: KnownToken | null;
  /** When the certificate ends; null for every other kind. */
  readonly certificateEndsAtMs: number | null;
};

/** Whether a configuration signs with a key of ours. */
export function needsKey(config: CredentialConfig): boolean {
  return (
    (config.kind === 'oauth-client-credentials' && config.clientAuth === 'private_key_jwt') ||
    (config.kind === 'token-exchange' && (config.clientAuth === 'private_key_jwt' || config.subject === 'assertion'))
  );
}

/** Whether a configuration needs a secret from outside. */
export function needsSecret(config: CredentialConfig): boolean {
  return !('clientAuth' in config) || config.clientAuth === 'client_secret_basic';
}

/**
 * Whether a version that is not in use yet outlives a rotation that failed or broke off: a key of ours with no secret from
 * outside. It may be registered elsewhere by now, and making another one would lock us out; a secret is asked for anew.
 */
export function goesOnWaiting(config: CredentialConfig, version: { readonly publicJwk: unknown }): boolean {
  return version.publicJwk !== null && !needsSecret(config);
}

/**
 * A person's token in a part that is no secret: some services take one as the user name of `basic`. Everything but the
 * secret is shown, exported and logged, so not even one that is lent for a migration may stand there.
 */
export function tokenIn(config: CredentialConfig): KnownToken | null {
  for (const value of Object.values(config)) {
    const known = typeof value === 'string' ? recogniseToken(value) : null;
    if (known !== null) return known;
  }
  return null;
}

/**
 * The secret in the form in which it is stored. Where we sign ourselves, a key is made here: `keep` is one to go on with.
 * Refuses a person's token whatever the kind and in whatever field, a secret where none belongs, and one that could not be a header.
 */
export async function prepareSecret(
  config: CredentialConfig,
  secret: string | undefined,
  nowMs: number,
  keep?: OAuthSecret['key'],
): Promise<Result<NewSecret, ConfigRefusal>> {
  if (needsSecret(config) !== (secret !== undefined)) {
    return refuse(
      'invalid-request',
      secret === undefined ? 'The secret is missing.' : 'With private_key_jwt there is no secret: we make the key.',
    );
  }
  const shown = tokenIn(config);
  if (shown !== null) {
    return refuse(
      'personal-token',
      `A field that everybody sees holds what looks like a ${shown.name}. ${shown.instead}`,
    );
  }
  const recognised = secret === undefined ? null : recogniseToken(secret);
  if (recognised?.verdict === 'refused') {
    return refuse('personal-token', `This looks like a ${recognised.name}. ${recognised.instead}`);
  }
  if (config.kind === 'client-certificate') {
    const read = readCertificate(config.certificate, secret ?? '', nowMs);
    if (!read.ok) return refuse('invalid-request', read.error);
    const { key, endsAtMs } = read.value;
    return ok({ stored: key, publicJwk: null, recognised: null, certificateEndsAtMs: endsAtMs });
  }
  if (secret !== undefined && config.kind !== 'env' && /[\r\n]/.test(secret)) {
    return refuse('invalid-request', 'A secret that is sent in a header has one line.');
  }
  if (!('clientAuth' in config))
    return ok({ stored: secret ?? '', publicJwk: null, recognised, certificateEndsAtMs: null });
  const key = needsKey(config) ? (keep ?? newClientKey()) : undefined;
  const stored = writeOAuthSecret({
    ...(secret === undefined ? {} : { clientSecret: secret }),
    ...(key === undefined ? {} : { key }),
  });
  const publicJwk = key === undefined ? null : await publicJwkOf(key);
  return ok({ stored, publicJwk, recognised, certificateEndsAtMs: null });
}
