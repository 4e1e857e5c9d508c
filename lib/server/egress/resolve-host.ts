import { lookup as dnsLookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { EgressDenied, HostUnresolved } from './egress-denied.ts';

/** Every address of a host name. Throws when the name cannot be resolved. */
export type Lookup = (host: string) => Promise<readonly string[]>;

const RESOLVE_TIMEOUT_MS = 5_000;
/** A resolver of the attacker's may answer with hundreds of addresses that never answer. */
const MOST_ADDRESSES = 3;

/**
 * Every address of a host, asked once; a literal address is its own. A resolver that fails or takes too long is a refusal:
 * nobody can say where the connection would go.
 */
export async function resolveHost(
  lookup: Lookup,
  host: string,
  withinMs = RESOLVE_TIMEOUT_MS,
): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new HostUnresolved('the host name could not be resolved in time')),
    withinMs,
  );
  try {
    return await Promise.race([lookup(host), late.promise]);
  } catch (cause) {
    if (cause instanceof EgressDenied) throw cause;
    throw new HostUnresolved('the host name could not be resolved', { cause });
  } finally {
    clearTimeout(timer);
  }
}

/** Those that a connection is tried to, one after the other. All of an answer are judged before, whatever their number. */
export function addressesToTry(judged: readonly string[]): readonly string[] {
  return judged.slice(0, MOST_ADDRESSES);
}

/** The system's resolver. `localhost` is pinned to 127.0.0.1 (RFC 6761 section 6.3), so one /32 entry covers it. */
export async function systemLookup(host: string): Promise<readonly string[]> {
  if (host === 'localhost') return ['127.0.0.1'];
  const found = await dnsLookup(host, { all: true, verbatim: true });
  return found.map((one) => one.address);
}
