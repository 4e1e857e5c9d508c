// Server-only. From a bearer token to the agent it stands for.
import { createHash, type KeyObject, verify } from 'node:crypto';
import type { AgentPrincipal, HoldProfile } from '#lib/core/identity/principals.ts';
import { isBelieved } from '#lib/core/identity/signing-schedule.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { PublicSigningKey } from '../keys/token-signing.ts';
import { readAccessToken } from './access-token.ts';

/** What the snapshot must know of an agent. Only active agents are listed. */
export type DirectoryAgent = {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string;
  readonly client: HoldProfile;
  readonly requestTimeoutMs: number | null;
  readonly pendingCap: number;
  readonly aggregate: boolean;
  readonly tokenEpoch: number;
  /** Its keys that are good, with the end of their overlap: a token ends with the key it was fetched with. */
  readonly keys: ReadonlyMap<string, number>;
};

/** A static token that is neither revoked nor expired when the snapshot was read. */
export type DirectoryToken = {
  readonly agentId: string;
  readonly audience: string;
  readonly expiresAtMs: number;
  /** The agent's key it was fetched with; null where an admin issued it. */
  readonly keyId: string | null;
};

/**
 * The part of the gateway's snapshot that identification reads: agents by id, static tokens by SHA-256 hex, the keys that
 * signed tokens are checked with, and the ids of the signed tokens that were ended before their time.
 */
export type AgentDirectory = {
  readonly agents: ReadonlyMap<string, DirectoryAgent>;
  readonly tokens: ReadonlyMap<string, DirectoryToken>;
  readonly signingKeys: ReadonlyMap<string, PublicSigningKey>;
  readonly revokedTokens: ReadonlySet<string>;
};

export type IdentifyRefusal = { readonly code: 'token-invalid' | 'token-wrong-audience' };

/** Tells who sent a request, from its Authorization header and the path asked for ("/mcp/<server>", "/mcp", "/api/v1/calls"). */
export type Identify = (
  authorization: string | undefined,
  audiencePath: string,
) => Result<AgentPrincipal, IdentifyRefusal>;

export type IdentifyOptions = {
  readonly snapshot: () => AgentDirectory;
  /** The key file: what signs while the installation has taken in no key yet, and never after. */
  readonly keys: { readonly tokenSigning: { readonly kid: string; readonly publicKey: KeyObject } };
  readonly gatewayUrl: string;
  readonly now?: () => number;
};

type Claim = {
  readonly agentId: string;
  readonly audience: string;
  readonly expiresAtMs: number;
  /** Epoch of a signed token; null for a static one, which dies with its row in the snapshot. */
  readonly epoch: number | null;
  readonly tokenHash: string | null;
  readonly tokenId: string | null;
  readonly keyId: string | null;
  /** The id of the signing key; null for a static token. */
  readonly kid: string | null;
  agent: DirectoryAgent | null;
  principal: AgentPrincipal | null;
};

const CACHE_LIMIT = 20_000;
const MAX_HEADER = 4096;
const STATIC_TOKEN = /^cs_[A-Za-z0-9_-]{43}$/;
const REFUSED: Result<AgentPrincipal, IdentifyRefusal> = err({ code: 'token-invalid' });
const WRONG_AUDIENCE: Result<AgentPrincipal, IdentifyRefusal> = err({ code: 'token-wrong-audience' });

/**
 * Makes the function that turns a bearer token into an agent.
 *
 * Synchronous: the signature is checked on first sight and remembered; what can change (agent active, token epoch,
 * revocation, expiry) is looked up in the snapshot on every call, so a revoked agent is out as soon as the snapshot
 * says so. Cookies and human sessions are never read: it is handed the Authorization header and nothing else.
 */
export function createIdentify(options: IdentifyOptions): Identify {
  const { snapshot, keys, gatewayUrl } = options;
  const now = options.now ?? Date.now;
  const seen = new Map<string, Claim>();
  const { tokenSigning } = keys;

  function keyFor(kid: string, directory: AgentDirectory): KeyObject | null {
    if (directory.signingKeys.size === 0) return kid === tokenSigning.kid ? tokenSigning.publicKey : null;
    const key = directory.signingKeys.get(kid);
    return key === undefined || !isBelieved(key, now()) ? null : key.publicKey;
  }

  function firstSight(authorization: string, directory: AgentDirectory): Claim | null {
    const token = bearerToken(authorization);
    if (token === null) return null;
    if (token.startsWith('cs_')) return claimOfStatic(token, directory);
    const verifySignature = (kid: string, signed: string, signature: Uint8Array): boolean => {
      const key = keyFor(kid, directory);
      return key !== null && verify(null, Buffer.from(signed), key, signature);
    };
    const read = readAccessToken(token, { issuer: gatewayUrl, verifySignature });
    return read === null ? null : { ...read, tokenHash: null, agent: null, principal: null };
  }

  /** Everything about a token that may have changed since it was first seen. */
  function stands(claim: Claim, agent: DirectoryAgent, directory: AgentDirectory): boolean {
    const { epoch, tokenHash, tokenId, keyId, kid } = claim;
    const atMs = now();
    if (epoch !== null && epoch !== agent.tokenEpoch) return false;
    // The end of an overlap is the end of what the old key has fetched as well.
    if (keyId !== null && atMs >= (agent.keys.get(keyId) ?? 0)) return false;
    if (tokenId !== null && directory.revokedTokens.has(tokenId)) return false;
    if (kid !== null && keyFor(kid, directory) === null) return false;
    if (tokenHash === null) return atMs < claim.expiresAtMs;
    // From the row, not from memory: a renewal shortens the life of the token before it.
    const row = directory.tokens.get(tokenHash);
    return row !== undefined && atMs < row.expiresAtMs;
  }

  return (authorization, audiencePath) => {
    if (authorization === undefined || authorization.length > MAX_HEADER) return REFUSED;
    const directory = snapshot();
    let claim = seen.get(authorization);
    if (claim === undefined) {
      const fresh = firstSight(authorization, directory);
      if (fresh === null) return REFUSED;
      remember(seen, authorization, fresh);
      claim = fresh;
    }
    const agent = directory.agents.get(claim.agentId);
    if (agent === undefined || !stands(claim, agent, directory)) {
      seen.delete(authorization);
      return REFUSED;
    }
    if (claim.audience !== audiencePath) return WRONG_AUDIENCE;
    if (claim.principal === null || claim.agent !== agent) {
      claim.agent = agent;
      claim.principal = principalOf(agent, claim);
    }
    return ok(claim.principal);
  };
}

/** Takes the token out of `Bearer <token>` (RFC 6750 section 2.1; the scheme is case-insensitive), or null. */
function bearerToken(authorization: string): string | null {
  const match = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(authorization);
  return match?.[1] ?? null;
}

function claimOfStatic(token: string, directory: AgentDirectory): Claim | null {
  if (!STATIC_TOKEN.test(token)) return null;
  const tokenHash = createHash('sha256').update(token).digest('hex');
  const row = directory.tokens.get(tokenHash);
  return row === undefined
    ? null
    : { ...row, epoch: null, tokenHash, tokenId: null, kid: null, agent: null, principal: null };
}

/** The oldest entry goes first; a flood of tokens can cost memory only up to the limit. */
function remember(seen: Map<string, Claim>, authorization: string, claim: Claim): void {
  if (seen.size >= CACHE_LIMIT) {
    const oldest = seen.keys().next();
    if (!oldest.done) seen.delete(oldest.value);
  }
  seen.set(authorization, claim);
}

function principalOf(agent: DirectoryAgent, claim: Claim): AgentPrincipal {
  return {
    kind: 'agent',
    id: agent.id,
    name: agent.name,
    ownerId: agent.ownerId,
    audience: claim.audience,
    client: agent.client,
    requestTimeoutMs: agent.requestTimeoutMs,
    pendingCap: agent.pendingCap,
    aggregate: agent.aggregate,
    tokenEpoch: agent.tokenEpoch,
    expiresAtMs: claim.expiresAtMs,
    ...(claim.tokenHash === null ? {} : { tokenHash: claim.tokenHash }),
    ...(claim.tokenId === null ? {} : { tokenId: claim.tokenId }),
    ...(claim.keyId === null ? {} : { keyId: claim.keyId }),
  };
}
