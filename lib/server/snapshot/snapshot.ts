// Server-only. What a verdict depends on, held in memory: one immutable value, replaced as a whole.
import type { PinState } from '#lib/contracts/servers.ts';
import type { CredentialKind } from '#lib/core/credentials/kinds.ts';
import type { HoldProfile } from '#lib/core/identity/principals.ts';
import type { AgentQuarantine } from '#lib/core/identity/session-quarantine.ts';
import type { JsonObject } from '#lib/core/json/value.ts';
import type { CompiledRules } from '#lib/core/policies/compile.ts';
import type { PolicyDefaults } from '#lib/core/policies/rule.ts';
import type { ActionClass, Tier } from '#lib/core/risk/types.ts';
import type { PublicSigningKey } from '../keys/token-signing.ts';

/** A tool that a human accepted at least once. `definition` is the accepted one, never the latest found. */
export type SnapshotTool = {
  readonly id: string;
  readonly name: string;
  readonly definition: JsonObject;
  /** The pin: digest of `definition`. */
  readonly digest: string;
  readonly pinState: PinState;
  readonly tier: Tier;
  readonly actionClass: ActionClass;
  /** Whether its results are text that strangers may have written: a session that read one is tainted. */
  readonly readsUntrusted: boolean;
};

/** A server's credential without its secret; `version` is the one that new calls carry. */
export type SnapshotCredential = {
  readonly id: string;
  readonly kind: CredentialKind;
  readonly version: number;
  readonly endsAtMs: number | null;
  readonly target: 'headers' | 'env';
};

export type SnapshotServer = {
  readonly id: string;
  readonly name: string;
  readonly transport: 'http' | 'stdio' | 'external';
  readonly url: string | null;
  readonly argv: readonly string[] | null;
  readonly configHash: string;
  readonly status: 'active' | 'disabled';
  readonly description: string;
  /** The protocol version the server answered with at the scan; what we offer it when we connect. */
  readonly protocolVersion: string | null;
  readonly credential: SnapshotCredential | null;
  /** What its process's credential for the egress proxy must name; it only rises. */
  readonly proxyEpoch: number;
  readonly tools: ReadonlyMap<string, SnapshotTool>;
  /** Tools that were found and never accepted: named only to tell "not accepted" from "not there". */
  readonly neverAccepted: ReadonlySet<string>;
};

/** An active agent; a revoked one is not listed, so nothing can be found for it. */
export type SnapshotAgent = {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string;
  readonly client: HoldProfile;
  readonly requestTimeoutMs: number | null;
  readonly pendingCap: number;
  readonly aggregate: boolean;
  readonly tokenEpoch: number;
  /** Its own keys that are good, by id, with the end of their overlap. */
  readonly keys: ReadonlyMap<string, number>;
  /** Names of the servers this agent may reach. */
  readonly servers: ReadonlySet<string>;
};

/** A static token: looked up by the SHA-256 of its text. */
export type SnapshotToken = {
  readonly agentId: string;
  readonly audience: string;
  readonly expiresAtMs: number;
  readonly keyId: string | null;
};

export type SnapshotEgress = {
  readonly id: string;
  /** Whose destination it is; see `entriesFor`. */
  readonly identity: string;
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  readonly pathPrefix: string;
  readonly cidr: string | null;
  readonly tlsPin: string | null;
  readonly clientCertificateId: string | null;
  readonly clientCertificateVersion: number | null;
  readonly expiresAt: number | null;
};

/** A running observe window; times are the database's. One over a rule is for the rule of that content only. */
export type SnapshotObserve = { readonly scope: string; readonly ruleHash: string | null; readonly endsAtMs: number };

export type Snapshot = {
  readonly version: bigint;
  readonly policyVersion: number;
  /** Of the version in force; a rule that a window puts in observe is marked so. */
  readonly rules: CompiledRules;
  /** The same without its deny rules, where a window lifts them; null where none does. */
  readonly rulesWithoutDenials: CompiledRules | null;
  readonly defaults: PolicyDefaults;
  readonly observe: readonly SnapshotObserve[];
  readonly servers: ReadonlyMap<string, SnapshotServer>;
  readonly agents: ReadonlyMap<string, SnapshotAgent>;
  readonly tokens: ReadonlyMap<string, SnapshotToken>;
  /** What signed tokens are checked with, by key id, the next key included. */
  readonly signingKeys: ReadonlyMap<string, PublicSigningKey>;
  /** Ids of signed tokens that were ended before their time. */
  readonly revokedTokens: ReadonlySet<string>;
  /** By agent: which of its sessions may not call. */
  readonly quarantines: ReadonlyMap<string, AgentQuarantine>;
  readonly egress: readonly SnapshotEgress[];
  /** Identities whose unlisted destinations a human is asked about; all others are denied. */
  readonly asksFirstSeen: ReadonlySet<string>;
};
