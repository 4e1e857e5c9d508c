// Server-only.

import { ok, type Result } from '#lib/core/result.ts';
import { createClientCertificates } from '../credentials/client-certificate.ts';
import { createLeases, type Lease, type Leases, type LeasesDeps } from '../credentials/leases.ts';
import { createEgress } from '../egress/connector.ts';
import type { AttemptBook } from '../egress/record-attempt.ts';
import type { Log } from '../log.ts';
import type { StartChild } from '../runner/child-starter.ts';
import type { Snapshot, SnapshotServer } from '../snapshot/snapshot.ts';
import { createHttpUpstream } from './http-upstream.ts';
import type { ChildCredential } from './stdio-child.ts';
import { type CredentialRefusal, createStdioUpstream } from './stdio-upstream.ts';
import type { Upstream } from './upstream.ts';

export type Upstreams = {
  /** The way to a server, or null when there is none: external servers are never forwarded to. */
  of(server: SnapshotServer): Upstream | null;
  endSession(sessionKey: string): void;
  close(): Promise<void>;
};

/** What the servers' credentials are read with; `now` is the database's time. */
export type Vault = Pick<LeasesDeps, 'prisma' | 'keys' | 'now' | 'minted'>;

/** Every way out of the gateway; HTTP, and whatever mints a token for it, leaves through the egress connector only. */
export function createUpstreams(
  snapshot: () => Snapshot,
  log: Log,
  vault: Vault,
  startChild: StartChild,
  noteAttempt?: AttemptBook['note'],
): Upstreams {
  const egress = createEgress({
    entries: () => snapshot().egress,
    clientCertificateOf: createClientCertificates(vault),
    note: noteAttempt,
  });
  const leases = createLeases({ ...vault, egress, log });
  const http = createHttpUpstream(egress, leases);
  const stdio = createStdioUpstream({
    startChild,
    log,
    serverNow: (name) => snapshot().servers.get(name),
    ...(vault.now === undefined ? {} : { now: vault.now }),
    credentialFor: (server) => childCredential(leases.leaseFor(server)),
  });
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

/** A lease as what a child is started with; its headers are for servers that are reached over HTTP. */
function childCredential(
  leased: ReturnType<Leases['leaseFor']>,
): null | Promise<Result<ChildCredential | null, CredentialRefusal>> {
  if (leased === null) return null;
  const asked = leased instanceof Promise ? leased : Promise.resolve(ok(leased));
  return asked.then((answer) => (answer.ok ? ok(answer.value === null ? null : credentialOf(answer.value)) : answer));
}

function credentialOf({ credentialId, version, env, redact }: Lease): ChildCredential {
  return { version: `${credentialId} ${version}`, env, redact };
}
