// Server-only. The decision API as one web-standard handler, mounted by the gateway and by Next alike.
import type { AgentPrincipal } from '#lib/core/identity/principals.ts';
import { CALLS_AUDIENCE } from '../agents/audience.ts';
import { createIdentify, type Identify } from '../agents/identify.ts';
import { resourceMetadataUrl } from '../agents/well-known.ts';
import type { Door } from '../calls/door.ts';
import type { Keys } from '../keys/load-keys.ts';
import { createTokenSigner, type TokenSigner } from '../keys/token-signing.ts';
import { sendProblem } from './answer.ts';
import { cancelCall } from './cancel-call.ts';
import { closeCall } from './close-call.ts';
import { createCall } from './create-call.ts';
import { listTools } from './list-tools.ts';
import { readCall } from './read-call.ts';

/** What the handlers work with. */
export type CallsApiParts = {
  readonly door: Door;
  readonly keys: Keys;
  /** Signs receipts. */
  readonly signer: TokenSigner;
  readonly gatewayUrl: string;
};

export type CallsApiOptions = Omit<CallsApiParts, 'signer'> & {
  /** The process's own `identify`, so that verified tokens are remembered once; made here when absent. */
  readonly identify?: Identify;
};

/** Answers any request below /api/v1/calls; the caller gives it the body unread and the signal of the client. */
export type CallsApi = (request: Request) => Promise<Response>;

const SEALED_SQL = 'SELECT sealed FROM signing_keys WHERE kid = $1';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Makes the decision API. Every request needs an agent token for this audience; cookies are never read.
 * Assumes that the caller bounds the body's size and validates the Host.
 */
export function createCallsApi(options: CallsApiOptions): CallsApi {
  const { door, keys, gatewayUrl } = options;
  const identify =
    options.identify ?? createIdentify({ snapshot: door.snapshot, keys, gatewayUrl, now: door.databaseNowMs });
  const signer = createTokenSigner({
    keys,
    list: () => [...door.snapshot().signingKeys.values()],
    sealed: async (kid) => {
      const { rows } = await door.pool.query<{ sealed: Buffer | null }>(SEALED_SQL, [kid]);
      return rows[0]?.sealed ?? null;
    },
  });
  const metadata = resourceMetadataUrl(gatewayUrl, CALLS_AUDIENCE);
  return async (request) => {
    const known = identify(request.headers.get('authorization') ?? undefined, CALLS_AUDIENCE);
    if (!known.ok) {
      const challenge = `Bearer resource_metadata="${metadata}", error="invalid_token"`;
      return sendProblem(known.error.code, undefined, { 'www-authenticate': challenge });
    }
    // A process that cannot read configuration anew knows a revoked token as a good one: it answers nothing, reads included.
    if (!door.isReady()) return sendProblem('database-unavailable');
    return dispatch({ door, keys, signer, gatewayUrl }, known.value, request);
  };
}

async function dispatch(parts: CallsApiParts, principal: AgentPrincipal, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const [callId, action, ...rest] = pathBelow(url.pathname);
  if (callId === 'tools' && action === undefined) {
    if (request.method !== 'GET') return sendProblem('method-not-allowed', undefined, { allow: 'GET' });
    return listTools(parts.door.snapshot(), principal, url.searchParams.get('server'));
  }
  const wanted = callId === undefined || action !== undefined ? 'POST' : 'GET';
  const isKnown = action === undefined || action === 'cancel' || action === 'outcome';
  if (rest.length > 0 || !isKnown || (callId !== undefined && !UUID.test(callId))) return sendProblem('not-found');
  if (request.method !== wanted) return sendProblem('method-not-allowed', undefined, { allow: wanted });
  if (callId === undefined) return createCall(parts, principal, request);
  if (action === 'cancel') return cancelCall(parts, principal, callId);
  if (action === 'outcome') return closeCall(parts, principal, callId, request);
  return readCall(parts, principal, callId, request);
}

/** The path's parts after /api/v1/calls. */
function pathBelow(path: string): string[] {
  return path
    .slice(CALLS_AUDIENCE.length)
    .split('/')
    .filter((part) => part !== '');
}
