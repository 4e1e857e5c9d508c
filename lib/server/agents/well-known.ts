// Server-only. The documents that clients discover the gateway by.
import { ASSERTION_ALGORITHMS } from '#lib/core/identity/public-jwk.ts';
import type { PublicJwk } from '../keys/load-keys.ts';
import { audienceOfResource } from './audience.ts';

const RESOURCE_PREFIX = '/.well-known/oauth-protected-resource';

/** What the discovery documents are made of. */
export type WellKnownOptions = { readonly gatewayUrl: string; readonly jwks: readonly PublicJwk[] };

/**
 * Answers a GET below /.well-known, or null when the path is none of ours: RFC 8414 authorization server metadata,
 * RFC 9728 protected resource metadata, RFC 7517 key set. They name endpoints and public keys only, and never whether a
 * server is registered.
 *
 * `requestUrl` must be built from a validated Host: a client on 127.0.0.1 finds the resource under the name that it used,
 * because it compares the two.
 */
export function wellKnownDocument(requestUrl: string, options: WellKnownOptions): Response | null {
  const { gatewayUrl, jwks } = options;
  const { pathname, origin } = new URL(requestUrl);
  if (pathname === '/.well-known/jwks.json') return document({ keys: jwks });
  if (pathname === '/.well-known/oauth-authorization-server') {
    return document({
      issuer: gatewayUrl,
      // RFC 8414 lets it out where no grant uses it; the official MCP client refuses metadata without it. Nothing answers there.
      authorization_endpoint: `${gatewayUrl}/oauth/authorize`,
      jwks_uri: `${gatewayUrl}/.well-known/jwks.json`,
      grant_types_supported: ['client_credentials'],
      response_types_supported: [],
      ...endpoint('token', `${gatewayUrl}/oauth/token`),
      ...endpoint('introspection', `${gatewayUrl}/oauth/introspect`),
      ...endpoint('revocation', `${gatewayUrl}/oauth/revoke`),
      scopes_supported: [],
    });
  }
  if (!pathname.startsWith(`${RESOURCE_PREFIX}/`)) return null;
  const asked = `${origin}${pathname.slice(RESOURCE_PREFIX.length)}`;
  const audience = audienceOfResource(asked, gatewayUrl);
  if (audience === null) return null;
  return document({
    resource: `${origin}${audience}`,
    authorization_servers: [gatewayUrl],
    bearer_methods_supported: ['header'],
    resource_name: 'Countersign',
  });
}

/** An endpoint that clients authenticate at, as RFC 8414 section 2 names its members. */
function endpoint(name: 'token' | 'introspection' | 'revocation', url: string): Record<string, unknown> {
  return {
    [`${name}_endpoint`]: url,
    [`${name}_endpoint_auth_methods_supported`]: ['client_secret_basic', 'private_key_jwt'],
    [`${name}_endpoint_auth_signing_alg_values_supported`]: [...ASSERTION_ALGORITHMS],
  };
}

/** The URL of a resource's metadata: what a 401 names in `WWW-Authenticate: Bearer resource_metadata="…"`. */
export function resourceMetadataUrl(gatewayUrl: string, audience: string): string {
  return `${gatewayUrl}${RESOURCE_PREFIX}${audience}`;
}

function document(body: object): Response {
  return new Response(JSON.stringify(body), {
    headers: {
      'content-type': 'application/json',
      'cache-control': 'public, max-age=300',
      'access-control-allow-origin': '*',
    },
  });
}
