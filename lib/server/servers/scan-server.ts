import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import {
  type CertificateDeps,
  type CertificateTrial,
  createClientCertificates,
} from '../credentials/client-certificate.ts';
import type { Lease } from '../credentials/leases.ts';
import { leaseForScan, presenting } from '../credentials/scan-lease.ts';
import { bumpConfig } from '../db/config-head.ts';
import { type ConfigDeps, type ConfigRefusal, mayConfigure, refuse } from '../db/config-write.ts';
import { databaseNow, withTx } from '../db/tx.ts';
import { createEgress } from '../egress/connector.ts';
import { loadEntries } from '../egress/entry-rows.ts';
import { guardedFetch } from '../egress/guarded-fetch.ts';
import { type AttemptBook, createAttemptBook } from '../egress/record-attempt.ts';
import { proxyEpochOf } from '../egress-proxy/end-proxy-credential.ts';
import type { Server } from '../generated/prisma/client.ts';
import { noChildren } from '../runner/child-starter.ts';
import { type Discovery, discoverTools } from './discover-tools.ts';
import { findServer, lockServer } from './find-server.ts';
import { type ScanOutcome, storeDiscovery } from './store-discovery.ts';

/**
 * Reads a server's tools and stores what was found, without accepting anything.
 *
 * The network is used outside the transaction; if the server was pointed elsewhere meanwhile, the result is thrown away.
 * A failure is remembered on the server and changes no pin: an unreachable server is no drift.
 */
export async function scanServer(
  deps: ConfigDeps,
  actor: ConfigActor | 'system',
  idOrName: string,
): Promise<Result<ScanOutcome, ConfigRefusal>> {
  if (actor !== 'system' && !mayConfigure(actor)) return refuse('not-allowed', 'Only an admin may scan a server.');
  const server = await findServer(deps.prisma, idOrName);
  if (server === null) return refuse('not-found', 'There is no such server.');
  if (server.transport === 'external')
    return refuse('invalid-request', 'The tools of an external server are declared.');
  const found = await discoverServer(deps, server);
  if (!found.ok) {
    await rememberFailure(deps, server, found.error);
    return found;
  }
  return withTx(deps.prisma, async (tx) => {
    const locked = await lockServer(tx, server.id);
    if (locked === null || locked.configHash !== server.configHash) {
      return refuse('conflict', 'The server was changed during the scan; scan again.');
    }
    const write = { tx, keys: deps.keys, actor, now: await databaseNow(tx) };
    const outcome = await storeDiscovery(write, locked, found.value);
    if (outcome.changed || actor !== 'system') {
      const { found: tools, added, drifted, missing, leftOut } = outcome;
      await recordEvent(tx, deps.keys, {
        type: 'server.scanned',
        actor: auditActor(actor),
        server: server.name,
        detail: { tools, added, drifted, missing, leftOut },
      });
    }
    if (outcome.changed) await bumpConfig(tx, 'servers', server.id);
    return ok(outcome);
  });
}

/**
 * Reads a registered server over the way it is registered with: the allowlisted address, or the host's command; with its
 * credential, in the version named or the one in use, and its certificate, in the one that is tried or the one in use.
 */
export async function discoverServer(
  deps: ConfigDeps,
  server: Pick<Server, 'id' | 'name' | 'configHash' | 'transport' | 'url' | 'commandName'>,
  version?: number,
  trial?: CertificateTrial,
): Promise<Result<Discovery, ConfigRefusal>> {
  const leased = await leaseForScan(deps, server, version);
  if (!leased.ok) return leased;
  const lease = leased.value;
  if (server.commandName !== null) {
    const startChild = deps.startChild ?? noChildren;
    const { id, name, configHash } = server;
    const proxyEpoch = await proxyEpochOf(deps.prisma, id);
    const start = () => startChild({ id, name, configHash, proxyEpoch }, lease?.env ?? {});
    return discoverTools({ kind: 'stdio', start });
  }
  if (server.url === null) return refuse('scan-failed', 'The server has no address.');
  const entries = await loadEntries(deps.prisma);
  const attempts = createAttemptBook(deps);
  try {
    return await discoverAt(deps, server.url, entries, lease, attempts.note, trial);
  } finally {
    await attempts.close();
  }
}

/** Reads the server at an address through the given allowlist, and closes every connection afterwards. */
export async function discoverAt(
  deps: CertificateDeps,
  url: string,
  entries: Awaited<ReturnType<typeof loadEntries>>,
  lease: Lease | null = null,
  note?: AttemptBook['note'],
  trial?: CertificateTrial,
): Promise<Result<Discovery, ConfigRefusal>> {
  const egress = createEgress({
    entries: () => entries,
    connections: 4,
    clientCertificateOf: createClientCertificates(deps, trial),
    note,
  });
  try {
    return await discoverTools({
      kind: 'http',
      url,
      fetch: presenting(guardedFetch(egress), lease, new URL(url).href),
    });
  } finally {
    await egress.close();
  }
}

async function rememberFailure(deps: ConfigDeps, server: Server, refusal: ConfigRefusal): Promise<void> {
  const error = refusal.detail ?? refusal.code;
  await withTx(deps.prisma, async (tx) => {
    const now = await databaseNow(tx);
    await tx.server.update({ where: { id: server.id }, data: { lastScanAt: now, lastScanError: error } });
    if (server.lastScanError !== error) await bumpConfig(tx, 'servers', server.id);
  });
}
