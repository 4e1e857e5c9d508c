// Server-only. openid-client (certified by the OpenID Foundation), told how strict to be. The only file that knows it.
import * as oidc from 'openid-client';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Database } from '../db/prisma.ts';
import type { Lookup } from '../egress/connector.ts';
import { egressDenialIn } from '../egress/egress-denied.ts';
import type { Keys } from '../keys/load-keys.ts';
import type { Provider } from './provider.ts';
import { isLoopbackUrl, openProviderFetch } from './provider-fetch.ts';

export type OpenClient = { readonly config: oidc.Configuration; close(): Promise<void> };
export type ProviderFault = {
  /** `unavailable`: it was not reached or made no sense; `refused`: it answered, and the answer is not to be believed. */
  readonly kind: 'unavailable' | 'refused';
  /** A short word for the log; never what the provider sent. */
  readonly why: string;
};

const TIMEOUT_S = 10;

/**
 * Reads the provider's discovery document and makes a client for it.
 * Refuses a document that names another issuer, endpoints that are no https, and a provider without PKCE by S256 in its
 * list. The keys are fetched anew at each sign-in, so that a key the provider withdrew signs nobody in.
 */
export async function openClient(
  deps: { readonly prisma: Database; readonly keys: Keys; readonly lookup?: Lookup | undefined },
  provider: Pick<Provider, 'issuer' | 'clientId' | 'clientSecret'>,
): Promise<Result<OpenClient, ProviderFault>> {
  const way = await openProviderFetch(deps, provider.issuer);
  const customFetch: oidc.CustomFetch = (url, options) =>
    way.fetch(url, { ...options, body: textOf(options.body), signal: options.signal ?? null });
  const insecure = isLoopbackUrl(provider.issuer) ? [oidc.allowInsecureRequests] : [];
  try {
    const found = await oidc.discovery(new URL(provider.issuer), provider.clientId, undefined, oidc.None(), {
      execute: insecure,
      timeout: TIMEOUT_S,
      [oidc.customFetch]: customFetch,
    });
    const server = found.serverMetadata();
    const methods = server.code_challenge_methods_supported;
    if (methods !== undefined && !methods.includes('S256')) throw new ProviderUnfit('no-pkce');
    if (server.authorization_endpoint === undefined || server.token_endpoint === undefined) {
      throw new ProviderUnfit('no-endpoints');
    }
    if (!isFit(server.authorization_endpoint)) throw new ProviderUnfit('authorization-endpoint');
    const config = new oidc.Configuration(server, provider.clientId, {}, clientAuth(provider, server));
    config[oidc.customFetch] = customFetch;
    config.timeout = TIMEOUT_S;
    // By default a token that came straight from the token endpoint is believed without its signature.
    oidc.enableNonRepudiationChecks(config);
    if (insecure.length > 0) oidc.allowInsecureRequests(config);
    return ok({ config, close: way.close });
  } catch (error) {
    await way.close();
    return err({ kind: 'unavailable', why: wordFor(error) });
  }
}

class ProviderUnfit extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** The browser is sent there: an address of another kind would run as a script or open a program. */
function isFit(url: string): boolean {
  return URL.canParse(url) && (new URL(url).protocol === 'https:' || isLoopbackUrl(url));
}

function clientAuth(provider: Pick<Provider, 'clientSecret'>, server: Readonly<oidc.ServerMetadata>): oidc.ClientAuth {
  if (provider.clientSecret === null) return oidc.None();
  // RFC 8414: absent means client_secret_basic.
  const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  return methods.includes('client_secret_basic') || !methods.includes('client_secret_post')
    ? oidc.ClientSecretBasic(provider.clientSecret)
    : oidc.ClientSecretPost(provider.clientSecret);
}

function textOf(body: unknown): string | null {
  if (body === null || body === undefined) return null;
  if (typeof body === 'string') return body;
  if (body instanceof URLSearchParams) return body.toString();
  throw new TypeError('a provider is sent forms only');
}

/** What went wrong in one word of ours or of the library's; never the provider's text, which an attacker may write. */
export function wordFor(error: unknown): string {
  const denied = egressDenialIn(error);
  if (denied !== null) return `egress: ${denied.reason}`.slice(0, 200);
  if (error instanceof oidc.ResponseBodyError) return 'provider-error';
  if (error instanceof oidc.AuthorizationResponseError) return 'authorization-refused';
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  return /^[A-Za-z_-]{1,60}$/.test(code) ? code : 'no-answer';
}

/** Whether an error of the exchange means that the provider was not there, and not that its answer was false. */
export function isOutage(error: unknown): boolean {
  if (egressDenialIn(error) !== null) return true;
  if (!(error instanceof Error)) return false;
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return true;
  const { cause } = error;
  const codeOf = (one: unknown) => (one instanceof Error && 'code' in one ? String(one.code) : '');
  return [codeOf(error), codeOf(cause)].some((code) => /^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|UND_ERR)|TIMEOUT/.test(code));
}
