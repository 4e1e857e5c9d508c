// Server-only. The words of the door: what enters, what leaves.
import type { HoldRecord } from '#lib/contracts/calls.ts';
import type { ProblemCode } from '#lib/contracts/problems.ts';
import type { Brand } from '#lib/core/brand.ts';
import type { AgentPrincipal } from '#lib/core/identity/principals.ts';
import type { JsonObject } from '#lib/core/json/value.ts';
import type { ActionClass, Tier } from '#lib/core/risk/types.ts';
import type { SnapshotServer, SnapshotTool } from '../snapshot/snapshot.ts';

/** Arguments, read once: the value that was judged, the bytes that will be sent, the hash that names them. */
export type CallArguments = { readonly value: JsonObject; readonly canonical: string; readonly hash: string };

/** Why an attempt ends before its answer: the socket closed (the request stays), or the agent took the call back. */
export type AbortReason = 'detached' | 'withdrawn';

/** Which way a call came: over MCP, as a question about a tool of the agent's own, or as a connection through the egress proxy. */
export type CallVia = 'mcp' | 'decision-api' | 'egress-proxy';

/** One agent asking for one tool, once. Neutral of transport and protocol era. */
export type CallAttempt = {
  readonly principal: AgentPrincipal;
  readonly server: string;
  readonly tool: string;
  readonly args: CallArguments;
  /** The session that the agent declared; never the transport's session id. */
  readonly session?: string | undefined;
  /** The id that the gateway gave to the connection it came by; only a quarantine asks for it, nothing else is bound to it. */
  readonly transportSession?: string | undefined;
  readonly onBehalfOf?: string | undefined;
  readonly reason?: string | undefined;
  readonly via: CallVia;
  /** Aborted with an `AbortReason`. */
  readonly signal: AbortSignal;
  /** Until when this client can wait for humans, on the clock of `performance.now()`. */
  readonly holdUntilMs: number;
  /** Attach to this request only: never open another one. For a poll of a call that is already on record. */
  readonly onlyRequestId?: string | undefined;
  /** Use this id for the call (the decision API makes it first); a call that joins a request takes the request's. */
  readonly callId?: string | undefined;
  /** A pending request of the same agent that this call takes the place of. */
  readonly replaces?: string | undefined;
  /** Told once when the call starts to wait for people. */
  readonly onHeld?: ((record: HoldRecord) => void) | undefined;
};

/** Server and tool as the registry knows them, with what they are judged to be. */
export type Target = {
  readonly server: SnapshotServer;
  readonly tool: SnapshotTool;
  readonly tier: Tier;
  readonly actionClass: ActionClass;
};

/** The facts of an authorised call. A value of this type alone authorises nothing. */
export type AuthorisedCall = {
  readonly callId: string;
  readonly principal: AgentPrincipal;
  readonly target: Target;
  readonly args: CallArguments;
  readonly sessionKey: string;
  /** The name that a quarantine would know its session by. */
  readonly sessionName: string;
  readonly onBehalfOf: string | null;
  readonly digest: string;
  /** The request whose approval was consumed for this call; null where policy allowed it without people. */
  readonly requestId: string | null;
  /** The grant that was used for this call instead of asking people; null where none was needed. */
  readonly grantId: string | null;
  readonly rule: string;
  readonly policyVersion: number;
  readonly killEpoch: bigint;
  /** When the attempt entered the door, on the clock of `performance.now()`. */
  readonly startedAtMs: number;
};

/** A call that may run now: its intent is durable. Only `enforceCall` makes one, and `forwardCall` takes nothing else. */
export type Authorised = Brand<AuthorisedCall, 'authorised'>;

/** What comes out of the door. */
export type Enforced =
  | { readonly kind: 'authorised'; readonly call: Authorised }
  | { readonly kind: 'refused'; readonly record: HoldRecord; readonly digest: string }
  | { readonly kind: 'pending'; readonly record: HoldRecord; readonly digest: string };

/** A step's refusal: the code, and a sentence that carries no arguments and no rule text. */
export type StepRefusal = { readonly code: ProblemCode; readonly detail?: string | undefined };

/** How a forwarded call ended. */
export type CallOutcome = {
  readonly status: 'succeeded' | 'failed' | 'unknown-outcome';
  readonly code?: ProblemCode | undefined;
  readonly latencyMs: number;
  readonly bytes: number;
  /** Further figures for the log, such as bytes by direction. */
  readonly detail?: Readonly<Record<string, number>> | undefined;
};
