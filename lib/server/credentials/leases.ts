// Server-only. What a call may carry to its upstream: step 12 of the door.
import { isEnded } from '#lib/core/credentials/kinds.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Database } from '../db/prisma.ts';
import type { Egress } from '../egress/connector.ts';
import type { Keys } from '../keys/load-keys.ts';
import type { Log } from '../log.ts';
import type { SnapshotServer } from '../snapshot/snapshot.ts';
import type { KnownSecrets } from './known-secrets.ts';
import { makeLease } from './make-lease.ts';
import { openMaterial } from './material.ts';
import { createUseBook } from './use-book.ts';

/** What one call carries. It never leaves the process but in these headers, or in the environment of that server's child. */
export type Lease = {
  readonly credentialId: string;
  readonly version: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly env: Readonly<Record<string, string>>;
  /** When it is over by itself; null for a secret that is sent as it is. */
  readonly expiresAtMs: number | null;
  /** Takes the credential out of a text that came back from the upstream, before anybody reads it. */
  readonly redact: (text: string) => string;
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

export type LeasesDeps = {
  readonly prisma: Database;
  readonly keys: Pick<Keys, 'wrapper'>;
  readonly egress: Pick<Egress, 'poolFor'>;
  readonly log: Log;
  /** The database's time: an end date must not depend on this machine's clock. */
  readonly now?: () => number;
  /** Hears of tokens that were minted, so that no call carries one as an argument. */
  readonly minted?: KnownSecrets['minted'];
};

type Kept = { readonly lease: Lease; readonly configHash: string; readonly freshUntilMs: number; keptUntilMs: number };

/** A token that would end on its way is not used any more: half a minute before, or a fifth of a life that is short. */
const SKEW_MS = 30_000;
const SKEW_SHARE = 0.2;
/** How long a secret that nobody asks for stays in memory. */
const KEEP_MS = 5 * 60_000;
const SWEEP_MS = 60_000;
/** After a failure, calls are refused at once for so long: a token endpoint in trouble is not hammered. */
const PAUSE_MS = 1_000;

/**
 * Hands out leases. A version is opened once and kept for minutes; tokens are minted when first needed, for all waiting
 * calls at once, and kept until shortly before they end. Nothing is kept for a server that has changed, and an ended
 * credential is refused whatever is kept.
 */
export function createLeases(deps: LeasesDeps): Leases {
  const now = deps.now ?? Date.now;
  const kept = new Map<string, Kept>();
  const running = new Map<string, Promise<Result<Lease | null, LeaseRefusal>>>();
  const pausedUntil = new Map<string, { readonly untilMs: number; readonly refusal: LeaseRefusal }>();
  const uses = createUseBook(deps.prisma, deps.log);

  const sweep = setInterval(() => {
    for (const [key, { keptUntilMs }] of kept) if (keptUntilMs <= now()) kept.delete(key);
    for (const [key, { untilMs }] of pausedUntil) if (untilMs <= now()) pausedUntil.delete(key);
  }, SWEEP_MS);
  sweep.unref();

  async function fetchLease(
    server: LeasedServer,
    id: string,
    version: number,
  ): Promise<Result<Lease | null, LeaseRefusal>> {
    const key = `${id} ${version}`;
    const made = await openAndMake(server, id, version);
    if (!made.ok) {
      const refusal: LeaseRefusal = { code: 'credential-unavailable', detail: made.error };
      pausedUntil.set(key, { untilMs: now() + PAUSE_MS, refusal });
      uses.failed(id, made.error);
      return err(refusal);
    }
    kept.set(key, {
      lease: made.value,
      configHash: server.configHash,
      freshUntilMs: freshUntil(made.value, now()),
      keptUntilMs: now() + KEEP_MS,
    });
    noteMinted(server, made.value);
    uses.used(id);
    return ok(made.value);
  }

  function noteMinted(server: LeasedServer, { credentialId, expiresAtMs, headers }: Lease): void {
    if (expiresAtMs === null) return;
    for (const [, value] of headers) {
      deps.minted?.({ credentialId, server: server.name }, value.replace(/^Bearer /, ''), expiresAtMs);
    }
  }

  async function openAndMake(server: LeasedServer, credentialId: string, version: number) {
    try {
      const material = await openMaterial(deps, { credentialId, version, server });
      return material.ok ? await makeLease(deps.egress, material.value, now) : material;
    } catch (error) {
      deps.log.error({ err: error, credential: credentialId }, 'a credential could not be read');
      return err('It could not be read.');
    }
  }

  return {
    leaseFor: (server) => {
      const { credential } = server;
      if (credential === null) return null;
      const { id, version, endsAtMs } = credential;
      if (isEnded(endsAtMs, now())) {
        return Promise.resolve(
          err({ code: 'credential-ended', detail: `The credential of ${server.name} has ended.` }),
        );
      }
      const key = `${id} ${version}`;
      const found = kept.get(key);
      if (found !== undefined && found.configHash === server.configHash && now() < found.freshUntilMs) {
        found.keptUntilMs = now() + KEEP_MS;
        uses.used(id);
        return found.lease;
      }
      const pause = pausedUntil.get(key);
      if (pause !== undefined && now() < pause.untilMs) return Promise.resolve(err(pause.refusal));
      const flight = `${key} ${server.configHash}`;
      const underWay = running.get(flight) ?? fetchLease(server, id, version).finally(() => running.delete(flight));
      running.set(flight, underWay);
      return underWay;
    },
    refused: (lease) => {
      const key = `${lease.credentialId} ${lease.version}`;
      // Only the one that was refused: another call may have brought a fresh one meanwhile.
      if (kept.get(key)?.lease === lease) kept.delete(key);
    },
    close: async () => {
      clearInterval(sweep);
      kept.clear();
      await Promise.allSettled(running.values());
      kept.clear();
      await uses.close();
    },
  };
}

function freshUntil({ expiresAtMs }: Lease, nowMs: number): number {
  if (expiresAtMs === null) return Number.POSITIVE_INFINITY;
  return expiresAtMs - Math.min(SKEW_MS, (expiresAtMs - nowMs) * SKEW_SHARE);
}
