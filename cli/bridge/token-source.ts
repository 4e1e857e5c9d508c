// The token for the next request: read or minted once, renewed before it ends, renewed by one for all.
import { err, ok, type Result } from '#lib/core/result.ts';
import { type CredentialFiles, type Credentials, fileOf, readCredentials } from './credentials.ts';
import { stampOf } from './secret-file.ts';
import { requestToken, type Token, type TokenFault } from './token-endpoint.ts';

export type TokenSource = {
  /** A token that is good for a while yet. */
  current(): Promise<Result<string, TokenFault>>;
  /** The gateway did not take this one. True when there may be a better one now. */
  refused(token: string): boolean;
};

/** Of a 15-minute token the last tenth is not used; of one that ends sooner, likewise. */
const RESERVE = 0.1;
const MOST_RESERVE_MS = 90_000;

/**
 * Makes the source for one audience. The files are read again whenever they change, so a token that somebody else keeps
 * fresh, or a rotated secret, is used from the next request on; what is read stays in memory and goes nowhere else.
 */
export function createTokenSource(
  options: CredentialFiles & { readonly gatewayUrl: URL; readonly audience: string },
): TokenSource {
  const { gatewayUrl, audience } = options;
  const path = fileOf(options);
  let stamp = '';
  let credentials: Credentials | null = null;
  let minted: (Token & { readonly renewAtMs: number }) | null = null;
  let minting: Promise<Result<string, TokenFault>> | null = null;

  function read(): Result<Credentials, TokenFault> {
    const now = stampOf(path);
    if (credentials !== null && now === stamp) return ok(credentials);
    const fresh = readCredentials(options);
    if (!fresh.ok) {
      // Somebody may be replacing it at this moment; what was read before still holds until it is refused.
      return credentials === null ? err({ kind: 'refused', sentence: fresh.error }) : ok(credentials);
    }
    stamp = now;
    credentials = fresh.value;
    minted = null;
    return ok(fresh.value);
  }

  async function mint(from: Exclude<Credentials, { kind: 'static' }>): Promise<Result<string, TokenFault>> {
    const asked = Date.now();
    const got = await requestToken(gatewayUrl, from, audience);
    if (got.ok) {
      const { expiresAtMs } = got.value;
      const reserve = Math.min(MOST_RESERVE_MS, (expiresAtMs - asked) * RESERVE);
      minted = { ...got.value, renewAtMs: expiresAtMs - reserve };
      return ok(got.value.value);
    }
    // The old one may still be good for its last minute: better than failing while the gateway restarts.
    return minted !== null && minted.expiresAtMs > Date.now() ? ok(minted.value) : got;
  }

  return {
    current: async () => {
      const found = read();
      if (!found.ok) return found;
      if (found.value.kind === 'static') return ok(found.value.token);
      if (minted !== null && minted.renewAtMs > Date.now()) return ok(minted.value);
      minting ??= mint(found.value).finally(() => {
        minting = null;
      });
      return minting;
    },
    refused: (token) => {
      if (credentials?.kind === 'static') {
        stamp = '';
        const again = read();
        return again.ok && again.value.kind === 'static' && again.value.token !== token;
      }
      if (minted?.value === token) minted = null;
      return true;
    },
  };
}
