// Server-only.
import { createEntriesFor, GATEWAY_IDENTITY } from '#lib/core/egress/entries-for.ts';
import { createLeases, type LeasesDeps } from '../credentials/leases.ts';
import { createEgress } from '../egress/connector.ts';
import type { Log } from '../log.ts';
import type { Snapshot, SnapshotEgress, SnapshotServer } from '../snapshot/snapshot.ts';
import { createHttpUpstream } from './http-upstream.ts';
import { createStdioUpstream } from './stdio-upstream.ts';
import type { Upstream } from './upstream.ts';

export type Upstreams = {
  /** The way to a server, or null when there is none: external servers are never forwarded to. */
  of(server: SnapshotServer): Upstream | null;
  endSession(sessionKey: string): void;
  close(): Promise<void>;
};

/** What the servers' credentials are read with; `now` is the database's time. */
export type Vault = Pick<LeasesDeps, 'prisma' | 'keys' | 'now'>;

/** Every way out of the gateway; HTTP, and whatever mints a token for it, leaves through the egress connector only. */
export function createUpstreams(snapshot: () => Snapshot, log: Log, vault: Vault): Upstreams {
  const entriesFor = createEntriesFor<SnapshotEgress>();
  const egress = createEgress({ entries: () => entriesFor(snapshot().egress, GATEWAY_IDENTITY) });
  const leases = createLeases({ ...vault, egress, log });
  const http = createHttpUpstream(egress, leases);
  const stdio = createStdioUpstream(log);
  return {
    of: (server) => {
      switch (server.transport) {
        case 'http':
          return http;
        case 'stdio':
          return stdio;
        case 'external':
          return null;
      }
    },
    endSession: (sessionKey) => {
      http.endSession(sessionKey);
      stdio.endSession(sessionKey);
    },
    close: async () => {
      await http.close();
      await stdio.close();
      await leases.close();
      await egress.close();
    },
  };
}
