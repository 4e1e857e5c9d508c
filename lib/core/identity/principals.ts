/** How long and in which way a client can be held; set by the operator per agent (waiting.md). */
export const HOLD_PROFILES = ['openclaw', 'claude-code', 'codex', 'gemini', 'cursor', 'sdk'] as const;
export type HoldProfile = (typeof HOLD_PROFILES)[number];

/** What a human may do; roles are a set. */
export const ROLES = ['admin', 'reviewer', 'security'] as const;
export type Role = (typeof ROLES)[number];

/**
 * A service identity that calls tools. It never carries roles, and no function takes an agent where a human is meant:
 * an agent that could approve would approve itself.
 */
export type AgentPrincipal = {
  readonly kind: 'agent';
  readonly id: string;
  readonly name: string;
  /** The human who runs the agent; excluded from voting on its calls. */
  readonly ownerId: string;
  /** The path below GATEWAY_URL that the presented token is good for. */
  readonly audience: string;
  readonly client: HoldProfile;
  readonly requestTimeoutMs: number | null;
  readonly pendingCap: number;
  readonly aggregate: boolean;
  readonly tokenEpoch: number;
  /** Hex SHA-256 of the static token it came with; absent for a signed token, which dies with the epoch. */
  readonly tokenHash?: string;
  /** The id of the signed token it came with, by which that token can be ended; absent for a static one. */
  readonly tokenId?: string;
  /** The agent's own key that the token was fetched with; absent for a static token that an admin issued. */
  readonly keyId?: string;
  /** When its token ends by itself, on the database's clock; absent for a stdio server's process. */
  readonly expiresAtMs?: number;
  /**
   * Set where the caller is a stdio server's own process on its way out, under the id and name of that server: nobody can
   * be asked for it, and it is known by its configuration, not by a token, and for as long as its epoch has not risen.
   */
  readonly stdioServer?: { readonly name: string; readonly configHash: string; readonly proxyEpoch: number };
};

/** A signed-in person, as the session row says at this moment. */
export type HumanPrincipal = {
  readonly kind: 'human';
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly roles: readonly Role[];
  readonly sessionId: string;
  /** When the password was last proven. */
  readonly reauthAt: Date;
};

/** Whoever sits at the host itself (the CLI through the data directory); audited under this name. */
export type OperatorPrincipal = { readonly kind: 'operator'; readonly name: string };

/** Who may change configuration: a person in the console, or the operator at the host. Never an agent. */
export type ConfigActor = HumanPrincipal | OperatorPrincipal;
