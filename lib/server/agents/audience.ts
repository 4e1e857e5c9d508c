// Server-only. The resources that a token can be for.
const AUDIENCE = /^\/(?:mcp(?:\/[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?)?|api\/v1\/calls|egress)$/;

/** The audience of the decision API. */
export const CALLS_AUDIENCE = '/api/v1/calls';
/** The audience of the aggregate of all servers the agent may use. */
export const AGGREGATE_AUDIENCE = '/mcp';

/** The audience of the egress proxy. */
export const EGRESS_AUDIENCE = '/egress';

/** What an audience lets its bearer reach. */
export type AudienceTarget =
  | { readonly kind: 'server'; readonly server: string }
  | { readonly kind: 'aggregate' }
  | { readonly kind: 'calls' }
  | { readonly kind: 'egress' };

/** Reads an audience path, or null when it is none of ours. */
export function audienceTarget(audience: string): AudienceTarget | null {
  if (!AUDIENCE.test(audience)) return null;
  if (audience === CALLS_AUDIENCE) return { kind: 'calls' };
  if (audience === EGRESS_AUDIENCE) return { kind: 'egress' };
  if (audience === AGGREGATE_AUDIENCE) return { kind: 'aggregate' };
  return { kind: 'server', server: audience.slice('/mcp/'.length) };
}

/**
 * The audience path of a `resource` parameter (RFC 8707), or null when it does not name this gateway.
 *
 * Scheme, host and port must be those of GATEWAY_URL; only `localhost` and `127.0.0.1` count as the same host. Query,
 * fragment and userinfo are refused: two spellings of one audience would be two audiences.
 */
export function audienceOfResource(resource: string, gatewayUrl: string): string | null {
  if (!URL.canParse(resource)) return null;
  const asked = new URL(resource);
  const ours = new URL(gatewayUrl);
  if (asked.search !== '' || asked.hash !== '' || asked.username !== '' || asked.password !== '') return null;
  if (asked.protocol !== ours.protocol || asked.port !== ours.port) return null;
  if (loopbackAlias(asked.hostname) !== loopbackAlias(ours.hostname)) return null;
  const path = asked.pathname.replace(/\/$/, '');
  return AUDIENCE.test(path) ? path : null;
}

function loopbackAlias(host: string): string {
  return host === '127.0.0.1' ? 'localhost' : host;
}
