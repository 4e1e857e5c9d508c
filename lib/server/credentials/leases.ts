// Server-only. What a call may carry to its upstream: step 12 of the door.
import type { Result } from '#lib/core/result.ts';
import type { SnapshotServer } from '../snapshot/snapshot.ts';

/** What one call carries. It never leaves the process but in these headers, or in the environment of that server's child. */
export type Lease = {
  readonly credentialId: string;
  readonly version: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly env: Readonly<Record<string, string>>;
  /** When it is over by itself; null for a secret that is sent as it is. */
  readonly expiresAtMs: number | null;
  /** What must not be found in anything that comes back; see `redactSecrets`. */
  readonly secrets: readonly string[];
};

export type LeaseRefusal = {
  readonly code: 'credential-unavailable' | 'credential-ended';
  readonly detail: string;
};

/** The server as the lease sees it. The hash says what the server is: a secret opens for that alone. */
export type LeasedServer = Pick<SnapshotServer, 'id' | 'name' | 'configHash' | 'credential'>;

export type Leases = {
  /** Null at once for a server without a credential, a lease at once where one is at hand. */
  leaseFor(server: LeasedServer): Lease | null | Promise<Result<Lease | null, LeaseRefusal>>;
  /** The upstream answered 401: the next lease is minted anew. */
  refused(lease: Lease): void;
  close(): Promise<void>;
};
