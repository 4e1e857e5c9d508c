import { type buildConnector, Pool } from 'undici';
import { createEntriesFor, GATEWAY_IDENTITY } from '#lib/core/egress/entries-for.ts';
import { type Allowed, type EgressEntry, judgeResolved, judgeUrl } from '#lib/core/egress/judge-url.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { attemptAt } from './attempt-at.ts';
import { type ClientCertificate, dial } from './dial.ts';
import { EgressDenied } from './egress-denied.ts';
import type { AttemptNote } from './record-attempt.ts';
import { type Lookup, resolveHost, systemLookup } from './resolve-host.ts';

export type { Lookup } from './resolve-host.ts';
export { systemLookup } from './resolve-host.ts';

export type EgressRefusal = { readonly code: 'egress-denied'; readonly reason: string };

/** The certificate of a credential for that destination; null where it is not for it, or is over. */
export type CertificateOf = (credentialId: string, to: CertificateUse) => Promise<ClientCertificate | null>;
export type CertificateUse = { readonly host: string; readonly port: number };

export type EgressOptions = {
  /** The entries in force. The same array while nothing changed: verdicts are remembered per array. */
  readonly entries: () => readonly EgressEntry[];
  /** Whose entries count; the gateway's unless told otherwise. */
  readonly identity?: string;
  readonly lookup?: Lookup;
  readonly now?: () => number;
  /** Connections kept per destination. */
  readonly connections?: number;
  /** The certificate behind a credential's id; an entry that names one is refused without it. */
  readonly clientCertificateOf?: CertificateOf | undefined;
  /** Certificate authorities in place of the built-in ones. */
  readonly ca?: string;
  /** Hears of every refusal, and of every connection when it begins and ends. */
  readonly note?: ((attempt: AttemptNote) => void) | undefined;
};

export type Egress = {
  /** The pool for exactly this URL, or why it may not be reached. Judged again on every call and every connection. */
  readonly poolFor: (url: string) => Result<Pool, EgressRefusal>;
  /** Closes what has been opened. */
  readonly close: () => Promise<void>;
};

type Known = {
  readonly pool: Pool;
  /** What every connection of the pool was held to; a change of it needs new connections. */
  readonly terms: string;
  /** The version of the client certificate that its connections showed. */
  readonly certificateVersion: number | null;
  entries: readonly EgressEntry[];
  validUntilMs: number;
};

const DEFAULT_CONNECTIONS = 128;
/** URLs that a server named in its answers make pools too. */
const MOST_POOLS = 4_096;
const SWEEP_EVERY_MS = 1_000;

/**
 * Makes the only way out: pools whose every connection is judged against the allowlist.
 *
 * The name is resolved once per connection, all its addresses are judged, and the socket goes to a judged address; the
 * attacker's second DNS answer (rebinding) is never asked for. TLS is verified against the host that was asked for, and
 * the pin of the entry on the live socket, before a byte is written. Nothing listed, an expired entry, a resolver that
 * fails, a client certificate that is not there: refused. Redirects are never followed, because a pool talks to one origin
 * only. Proxy variables of the environment are not read. Connections end within a second once their entry is gone.
 */
export function createEgress(options: EgressOptions): Egress {
  const now = options.now ?? Date.now;
  const lookup = options.lookup ?? systemLookup;
  const identity = options.identity ?? GATEWAY_IDENTITY;
  const known = new Map<string, Known>();
  /** Closing by themselves once what they carry has ended, which may be never: they are judged for as long as they are there. */
  const ending = new Map<Pool, string>();
  const entriesFor = createEntriesFor<EgressEntry>();
  const entries = () => entriesFor(options.entries(), identity);
  let sweepDueMs = Number.POSITIVE_INFINITY;

  function note(url: string, rest: Pick<AttemptNote, 'verdict' | 'reason'> & Partial<AttemptNote>): void {
    options.note?.({ identity, ...attemptAt(url), ...rest });
  }

  async function connect(url: string): Promise<Awaited<ReturnType<typeof dial>>> {
    const judged = judgeUrl(url, entries(), now());
    if (!judged.ok) throw new EgressDenied(judged.error.reason);
    const { host, port, entry } = judged.value;
    const addresses = judgeResolved(await resolveHost(lookup, host), entry);
    if (!addresses.ok) throw new EgressDenied(addresses.error.reason);
    const certificate = await certificateOf(entry, { host, port });
    const scheme = entry.scheme === 'https' ? 'https' : 'http';
    return dial({ scheme, host, port, pin: entry.tlsPin ?? null, certificate, ca: options.ca }, addresses.value);
  }

  async function certificateOf(entry: EgressEntry, to: CertificateUse): Promise<ClientCertificate | null> {
    const id = entry.clientCertificateId ?? null;
    if (id === null) return null;
    const certificate = (await options.clientCertificateOf?.(id, to)) ?? null;
    if (certificate === null) throw new EgressDenied("the entry's client certificate is not there");
    return certificate;
  }

  function connectorFor(url: string): buildConnector.connector {
    return (_target, callback) => {
      connect(url).then(
        (socket) => {
          note(url, { verdict: 'allowed', reason: null });
          socket.once('close', () => {
            const { bytesWritten: bytesOut, bytesRead: bytesIn } = socket;
            note(url, { verdict: 'allowed', reason: null, count: 0, bytesOut, bytesIn });
          });
          callback(null, socket);
        },
        (error: unknown) => {
          if (error instanceof EgressDenied) note(url, { verdict: 'denied', reason: error.reason });
          callback(error instanceof Error ? error : new Error('egress failed', { cause: error }), null);
        },
      );
    };
  }

  function drop(url: string): void {
    const stale = known.get(url);
    known.delete(url);
    stale?.pool.destroy(new EgressDenied('the destination left the allowlist')).catch(() => undefined);
  }

  /** Judges a pool that is there again; null when it may no longer be used. */
  function recheck(url: string, pool: Known, current: readonly EgressEntry[], nowMs: number): EgressRefusal | null {
    if (pool.entries === current && nowMs < pool.validUntilMs) return null;
    const judged = judgeUrl(url, current, nowMs);
    if (!judged.ok || termsOf(judged.value) !== pool.terms) {
      drop(url);
      return {
        code: 'egress-denied',
        reason: judged.ok ? 'The terms of the destination changed.' : judged.error.reason,
      };
    }
    if (certificateVersionOf(judged.value) !== pool.certificateVersion) {
      // What is under way ends as it began; whatever comes next shows the next certificate.
      known.delete(url);
      ending.set(pool.pool, url);
      pool.pool
        .close()
        .catch(() => undefined)
        .finally(() => ending.delete(pool.pool));
      return { code: 'egress-denied', reason: 'The client certificate was rotated.' };
    }
    pool.entries = current;
    pool.validUntilMs = validUntil(judged.value);
    sweepDueMs = Math.min(sweepDueMs, pool.validUntilMs);
    return null;
  }

  function poolFor(url: string): Result<Pool, EgressRefusal> {
    const current = entries();
    const nowMs = now();
    const cached = known.get(url);
    if (cached !== undefined && recheck(url, cached, current, nowMs) === null) return ok(cached.pool);
    const judged = judgeUrl(url, current, nowMs);
    if (!judged.ok) {
      note(url, { verdict: 'denied', reason: judged.error.reason });
      return err({ code: 'egress-denied', reason: judged.error.reason });
    }
    if (known.size >= MOST_POOLS) {
      const [oldest] = known.keys();
      if (oldest !== undefined) drop(oldest);
    }
    const pool = new Pool(new URL(url).origin, {
      connections: options.connections ?? DEFAULT_CONNECTIONS,
      connect: connectorFor(url),
      allowH2: false,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const validUntilMs = validUntil(judged.value);
    known.set(url, {
      pool,
      terms: termsOf(judged.value),
      certificateVersion: certificateVersionOf(judged.value),
      entries: current,
      validUntilMs,
    });
    sweepDueMs = Math.min(sweepDueMs, validUntilMs);
    return ok(pool);
  }

  // An open connection must not outlive its entry just because nobody asks for the pool again.
  let swept = entries();
  const sweep = setInterval(() => {
    const current = entries();
    const nowMs = now();
    for (const [pool, url] of ending) {
      if (!judgeUrl(url, current, nowMs).ok) {
        pool.destroy(new EgressDenied('the destination left the allowlist')).catch(() => undefined);
      }
    }
    if (current === swept && nowMs < sweepDueMs) return;
    for (const [url, pool] of [...known]) recheck(url, pool, current, nowMs);
    swept = current;
    sweepDueMs = Math.min(...Array.from(known.values(), ({ validUntilMs }) => validUntilMs));
  }, SWEEP_EVERY_MS);
  sweep.unref();

  return {
    poolFor,
    close: async () => {
      clearInterval(sweep);
      const pools = [...Array.from(known.values(), ({ pool }) => pool), ...ending.keys()];
      known.clear();
      await Promise.all(pools.map((pool) => pool.destroy()));
    },
  };
}

function validUntil({ entry }: Allowed<EgressEntry>): number {
  return entry.expiresAt ?? Number.POSITIVE_INFINITY;
}

function termsOf({ entry }: Allowed<EgressEntry>): string {
  return JSON.stringify([entry.cidr ?? null, entry.tlsPin ?? null, entry.clientCertificateId ?? null]);
}

function certificateVersionOf({ entry }: Allowed<EgressEntry>): number | null {
  return entry.clientCertificateVersion ?? null;
}
