import { lookup as dnsLookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { buildConnector, Pool } from 'undici';
import { type EgressEntry, judgeResolved, judgeUrl } from '#lib/core/egress/judge-url.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { EgressDenied } from './egress-denied.ts';

export type EgressRefusal = { readonly code: 'egress-denied'; readonly reason: string };

/** Every address of a host name. Throws when the name cannot be resolved. */
export type Lookup = (host: string) => Promise<readonly string[]>;

export type EgressOptions = {
  /** The entries in force. The same array while nothing changed: verdicts are remembered per array. */
  readonly entries: () => readonly EgressEntry[];
  readonly lookup?: Lookup;
  readonly now?: () => number;
  /** Connections kept per destination. */
  readonly connections?: number;
};

export type Egress = {
  /** The pool for exactly this URL, or why it may not be reached. Judged again on every call and every connection. */
  readonly poolFor: (url: string) => Result<Pool, EgressRefusal>;
  /** Closes what has been opened. */
  readonly close: () => Promise<void>;
};

type Known = {
  readonly pool: Pool;
  entries: readonly EgressEntry[];
  validUntilMs: number;
};

const CONNECT_TIMEOUT_MS = 10_000;
const DEFAULT_CONNECTIONS = 128;

/**
 * Makes the only way out: pools whose every connection is judged against the allowlist.
 *
 * The name is resolved once per connection, all its addresses are judged, and the socket goes to a judged address; the
 * attacker's second DNS answer (rebinding) is never asked for. Nothing listed, an expired entry, a resolver that fails:
 * refused. Redirects are never followed, because a pool talks to one origin only.
 */
export function createEgress(options: EgressOptions): Egress {
  const now = options.now ?? Date.now;
  const lookup = options.lookup ?? systemLookup;
  const known = new Map<string, Known>();
  const tcp = buildConnector({ timeout: CONNECT_TIMEOUT_MS, keepAlive: true });

  async function addressesFor(url: string): Promise<readonly string[]> {
    const judged = judgeUrl(url, options.entries(), now());
    if (!judged.ok) throw new EgressDenied(judged.error.reason);
    const { host, entry } = judged.value;
    const literal = host.replace(/^\[|\]$/g, '');
    const found = isIP(literal) === 0 ? await resolve(lookup, host) : [literal];
    const verdict = judgeResolved(found, entry);
    if (!verdict.ok) throw new EgressDenied(verdict.error.reason);
    return verdict.value;
  }

  function connectorFor(url: string): buildConnector.connector {
    return (target, callback) => {
      addressesFor(url).then(
        (addresses) => dial(tcp, target, addresses, callback),
        (error: unknown) =>
          callback(error instanceof Error ? error : new Error('egress failed', { cause: error }), null),
      );
    };
  }

  function drop(url: string): void {
    const stale = known.get(url);
    known.delete(url);
    stale?.pool.destroy(new EgressDenied('the destination left the allowlist')).catch(() => undefined);
  }

  function poolFor(url: string): Result<Pool, EgressRefusal> {
    const entries = options.entries();
    const cached = known.get(url);
    if (cached !== undefined && cached.entries === entries && now() < cached.validUntilMs) return ok(cached.pool);
    const judged = judgeUrl(url, entries, now());
    if (!judged.ok) {
      drop(url);
      return err({ code: 'egress-denied', reason: judged.error.reason });
    }
    const validUntilMs = judged.value.entry.expiresAt ?? Number.POSITIVE_INFINITY;
    if (cached !== undefined) {
      cached.entries = entries;
      cached.validUntilMs = validUntilMs;
      return ok(cached.pool);
    }
    const pool = new Pool(new URL(url).origin, {
      connections: options.connections ?? DEFAULT_CONNECTIONS,
      connect: connectorFor(url),
      allowH2: false,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    known.set(url, { pool, entries, validUntilMs });
    return ok(pool);
  }

  return {
    poolFor,
    close: async () => {
      const pools = [...known.values()];
      known.clear();
      await Promise.all(pools.map(({ pool }) => pool.destroy()));
    },
  };
}

/** Tries the judged addresses in turn; TLS still names and checks the host that was asked for. */
function dial(
  tcp: buildConnector.connector,
  target: buildConnector.Options,
  addresses: readonly string[],
  callback: buildConnector.Callback,
): void {
  const [address, ...others] = addresses;
  if (address === undefined) {
    callback(new EgressDenied('the host has no address'), null);
    return;
  }
  const servername = isIP(target.hostname) === 0 ? target.hostname : '';
  tcp({ ...target, hostname: address, servername: target.servername ?? servername }, (error, socket) => {
    if (error === null) callback(null, socket);
    else if (others.length > 0) dial(tcp, target, others, callback);
    else callback(error, null);
  });
}

async function resolve(lookup: Lookup, host: string): Promise<readonly string[]> {
  try {
    return await lookup(host);
  } catch (cause) {
    throw new EgressDenied('the host name could not be resolved', { cause });
  }
}

/** The system's resolver. `localhost` is pinned to 127.0.0.1 (RFC 6761 section 6.3), so one /32 entry covers it. */
export async function systemLookup(host: string): Promise<readonly string[]> {
  if (host === 'localhost') return ['127.0.0.1'];
  const found = await dnsLookup(host, { all: true, verbatim: true });
  return found.map((one) => one.address);
}
