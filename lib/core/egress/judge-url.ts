import { err, ok, type Result } from '../result.ts';
import { isInsideCidr, isMetadataAddress, isMetadataName, isOpenable, judgeAddress } from './judge-address.ts';
import { type Destination, normaliseHost, readUrl } from './read-url.ts';

/**
 * One line of the allowlist. `expiresAt` in milliseconds; `cidr` opens a private range for this entry alone; `tlsPin` and
 * `clientCertificateId` are terms of the connection, which the connector keeps. Whose entry it is decides `entriesFor`.
 */
export type EgressEntry = {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  readonly pathPrefix: string;
  readonly cidr?: string | null | undefined;
  readonly expiresAt?: number | null | undefined;
  readonly identity?: string | undefined;
  readonly tlsPin?: string | null | undefined;
  readonly clientCertificateId?: string | null | undefined;
  /** The version of it that new connections show; where it moves on, new connections are needed, open ones may end. */
  readonly clientCertificateVersion?: number | null | undefined;
};

/** Why a destination is refused and which entry would open it; `needs` is null where no entry could. */
export type EgressRefusal = {
  readonly code: 'egress-denied';
  readonly reason: string;
  readonly needs: Destination | null;
};

/** An allowed destination. The connector resolves `host`, asks `judgeResolved`, and connects to what that returns. */
export type Allowed<E extends EgressEntry> = { readonly entry: E; readonly host: string; readonly port: number };

/**
 * Whether the allowlist lets a URL through. An empty list lets nothing through; an entry that expires now is over. Of
 * several matching entries the most specific one answers, so that a narrow range is not widened by a broad entry; of equal
 * ones the strictest, and what the others demand is demanded as well: see `onAllTerms`. The order of the list is no matter.
 */
export function judgeUrl<E extends EgressEntry>(
  url: string,
  entries: readonly E[],
  nowMs: number,
): Result<Allowed<E>, EgressRefusal> {
  const read = readUrl(url);
  if (!read.ok) return err({ code: 'egress-denied', reason: read.error, needs: null });
  const needs = read.value;
  if (isMetadataName(needs.host)) return refuse('The host is a cloud metadata service.');
  const covering = entries.filter((entry) => covers(entry, needs));
  const live = covering.filter((entry) => !isOver(entry, nowMs));
  const [entry, ...rest] = live.toSorted(bySpecificity);
  if (entry !== undefined) return ok({ entry: onAllTerms(entry, rest), host: needs.host, port: needs.port });
  const reason = covering.length > 0 ? 'The allowlist entry has expired.' : 'The destination is not on the allowlist.';
  return err({ code: 'egress-denied', reason, needs });
}

/** Whether any path of a destination is listed now: for lists, never for a connection. */
export function listsDestination(
  to: { readonly scheme: string; readonly host: string; readonly port: number },
  entries: readonly EgressEntry[],
  nowMs: number,
): boolean {
  const host = normaliseHost(to.host);
  return entries.some(
    (entry) =>
      entry.scheme === to.scheme &&
      entry.port === to.port &&
      coversHost(normaliseHost(entry.host), host) &&
      !isOver(entry, nowMs),
  );
}

/** The entry a URL needs, for an admin to confirm; refuses URLs that no entry could open. */
export function neededEntry(url: string): Result<Destination, EgressRefusal> {
  const read = readUrl(url);
  return read.ok ? read : err({ code: 'egress-denied', reason: read.error, needs: null });
}

/**
 * Judges what a host resolved to. *All* addresses must pass, or none is used: a resolver that mixes a public and a private
 * address is how DNS rebinding begins. With a range in the entry all must lie inside it; without one all must be public.
 * Metadata services stay closed either way, and so does whatever is not a network of somebody's own: see `isOpenable`.
 */
export function judgeResolved(
  addresses: readonly string[],
  entry: Pick<EgressEntry, 'cidr'>,
): Result<readonly string[], EgressRefusal> {
  if (addresses.length === 0) return refuse('The host resolves to no address.');
  const { cidr } = entry;
  for (const address of addresses) {
    if (isMetadataAddress(address)) return refuse('The host resolves to a cloud metadata service.');
    if (cidr === null || cidr === undefined) {
      const verdict = judgeAddress(address);
      if (!verdict.public) return refuse(`The host resolves to an address that is not public: ${verdict.reason}.`);
    } else if (!isInsideCidr(address, cidr)) {
      return refuse("The host resolves to an address outside the entry's range.");
    } else if (!isOpenable(address)) {
      return refuse(`The host resolves to an address that no range opens: ${judgeAddress(address).reason}.`);
    }
  }
  return ok(addresses);
}

function refuse(reason: string): { readonly ok: false; readonly error: EgressRefusal } {
  return err({ code: 'egress-denied', reason, needs: null });
}

function covers(entry: EgressEntry, to: Destination): boolean {
  return (
    entry.scheme === to.scheme &&
    entry.port === to.port &&
    coversHost(normaliseHost(entry.host), to.host) &&
    coversPath(entry.pathPrefix, to.path)
  );
}

/** `*.example.com` stands for exactly one label; never for the bare domain, a whole top-level domain or an address. */
function coversHost(pattern: string, host: string): boolean {
  if (!pattern.startsWith('*.')) return pattern === host && !pattern.includes('*');
  const domain = pattern.slice(2);
  if (domain.includes('*') || !domain.includes('.') || /\.[0-9]+$/.test(domain)) return false;
  const dot = host.indexOf('.');
  return dot > 0 && host.slice(dot + 1) === domain;
}

/** `/mcp` covers `/mcp` and `/mcp/x`, not `/mcp-admin`. An empty prefix is a broken entry and covers nothing. */
function coversPath(prefix: string, path: string): boolean {
  if (!prefix.startsWith('/')) return false;
  const base = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
  return path === base || path.startsWith(`${base}/`);
}

function isOver(entry: EgressEntry, nowMs: number): boolean {
  const { expiresAt } = entry;
  return expiresAt !== null && expiresAt !== undefined && !(nowMs < expiresAt);
}

function bySpecificity(a: EgressEntry, b: EgressEntry): number {
  return (
    wildcards(a) - wildcards(b) ||
    b.pathPrefix.length - a.pathPrefix.length ||
    demands(b) - demands(a) ||
    // Which of two pins or ranges holds must not depend on the order of rows.
    (termsOf(a) < termsOf(b) ? -1 : 1)
  );
}

const wildcards = (entry: EgressEntry) => Number(entry.host.startsWith('*'));
const demands = (entry: EgressEntry) =>
  4 * Number(isSet(entry.tlsPin)) + 2 * Number(isSet(entry.clientCertificateId)) + Number(isSet(entry.cidr));
const termsOf = (entry: EgressEntry) => JSON.stringify([entry.tlsPin, entry.clientCertificateId, entry.cidr]);

function isSet(term: string | null | undefined): term is string {
  return term !== null && term !== undefined;
}

/**
 * The entry that answers, with the pin and the certificate that others for the same host demand: whoever pins a host that
 * was listed before must not be undone by the older line. Paths do not matter for these: one connection serves them all. A
 * range comes only from an entry for the same path. What was borrowed ends with the entry that it is from.
 */
function onAllTerms<E extends EgressEntry>(entry: E, others: readonly E[]): E {
  const sameHost = others.filter((other) => wildcards(other) === wildcards(entry));
  const pin = isSet(entry.tlsPin) ? undefined : sameHost.find((other) => isSet(other.tlsPin));
  const certificate = isSet(entry.clientCertificateId)
    ? undefined
    : sameHost.find((other) => isSet(other.clientCertificateId));
  const range = isSet(entry.cidr)
    ? undefined
    : sameHost.find((other) => isSet(other.cidr) && other.pathPrefix.length === entry.pathPrefix.length);
  if (pin === undefined && certificate === undefined && range === undefined) return entry;
  const ends = [entry, pin, certificate, range].map((one) => one?.expiresAt ?? Number.POSITIVE_INFINITY);
  const soonest = Math.min(...ends);
  return {
    ...entry,
    tlsPin: (pin ?? entry).tlsPin,
    clientCertificateId: (certificate ?? entry).clientCertificateId,
    clientCertificateVersion: (certificate ?? entry).clientCertificateVersion,
    cidr: (range ?? entry).cidr,
    expiresAt: Number.isFinite(soonest) ? soonest : null,
  };
}
