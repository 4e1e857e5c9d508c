// Server-only. What the steps of a connection work with; made once by `startEgressProxy`.
import type { Door } from '../calls/door.ts';
import type { AttemptBook } from '../egress/record-attempt.ts';
import type { Log } from '../log.ts';
import type { ConnectionLimits } from './connection-limits.ts';
import type { DialOptions } from './dial.ts';
import type { Passages } from './passages.ts';
import type { ProxyAuthParts } from './proxy-client.ts';
import type { StrangerLimits } from './stranger-limits.ts';

export type ProxyParts = {
  readonly door: Door;
  readonly auth: ProxyAuthParts;
  readonly book: AttemptBook;
  readonly limits: ConnectionLimits;
  readonly strangers: StrangerLimits;
  readonly passages: Passages;
  readonly dialOptions: DialOptions;
  readonly pace: ProxyPace;
  readonly log: Log;
  /** Aborts the waits for people when the process drains. */
  readonly draining: AbortSignal;
  /** Resolves once the reserved server is in the snapshot; false where its name is taken. */
  readonly serverReady: () => Promise<boolean>;
};

export type ProxyPace = {
  /** How long a connection waits for people before it is answered with the id of its request. */
  readonly holdMs: number;
  /** A passage in which nothing moves for this long is closed. */
  readonly idleMs: number;
  readonly lifetimeMs: number;
  /** In each direction; a passage that carries more is cut. */
  readonly mostBytes: number;
  /** How often open passages are judged again. */
  readonly sweepMs: number;
  readonly drainMs: number;
  /** How long a client that stopped reading is kept once there is nothing more to come. */
  readonly lingerMs: number;
};

export const PACE: ProxyPace = {
  holdMs: 55_000,
  idleMs: 10 * 60_000,
  lifetimeMs: 12 * 60 * 60_000,
  mostBytes: 16 * 1024 ** 3,
  sweepMs: 250,
  drainMs: 3_000,
  lingerMs: 10_000,
};
