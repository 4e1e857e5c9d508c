// Server-only. The way to an OpenID provider. What its documents name (token, keys, user info) is attacker input.
import type { EgressEntry } from '#lib/core/egress/judge-url.ts';
import type { Database } from '../db/prisma.ts';
import { createEgress, type Lookup } from '../egress/connector.ts';
import { EgressDenied } from '../egress/egress-denied.ts';
import { loadEntries } from '../egress/entry-rows.ts';
import { type GuardedFetch, guardedFetch } from '../egress/guarded-fetch.ts';
import { createAttemptBook } from '../egress/record-attempt.ts';
import type { Keys } from '../keys/load-keys.ts';

const LOOPBACK: Readonly<Record<string, string>> = {
  localhost: '127.0.0.0/8',
  '127.0.0.1': '127.0.0.0/8',
  '[::1]': '::1/128',
};

/** Whether a URL names this machine, which is where tests keep their provider. */
export function isLoopbackUrl(url: string): boolean {
  return URL.canParse(url) && new URL(url).hostname in LOOPBACK;
}

/**
 * A `fetch` for one provider, and how to close it.
 *
 * It reaches the issuer's own origin at public addresses, and beyond that what the egress allowlist opens for the gateway:
 * another host that the discovery document names, or a private address, needs an entry there. https only (plain http on
 * loopback alone), no redirect is followed, every connection is judged at the address it goes to.
 */
export async function openProviderFetch(
  deps: { readonly prisma: Database; readonly keys: Keys; readonly lookup?: Lookup | undefined },
  issuer: string,
): Promise<{ readonly fetch: GuardedFetch; close(): Promise<void> }> {
  const entries = [issuerEntry(issuer), ...(await loadEntries(deps.prisma))];
  const attempts = createAttemptBook(deps);
  const egress = createEgress({
    entries: () => entries,
    ...(deps.lookup === undefined ? {} : { lookup: deps.lookup }),
    connections: 2,
    note: attempts.note,
  });
  const reach = guardedFetch(egress);
  const fetch: GuardedFetch = (url, init) => {
    const target = new URL(String(url));
    if (target.protocol !== 'https:' && !isLoopbackUrl(target.href)) {
      throw new EgressDenied('a sign-in provider must be reached over https');
    }
    return reach(target, init);
  };
  const close = async () => {
    await egress.close();
    await attempts.close();
  };
  return { fetch, close };
}

function issuerEntry(issuer: string): EgressEntry {
  const url = new URL(issuer);
  const isTls = url.protocol === 'https:';
  return {
    scheme: isTls ? 'https' : 'http',
    host: url.hostname,
    port: url.port === '' ? (isTls ? 443 : 80) : Number(url.port),
    pathPrefix: '/',
    cidr: LOOPBACK[url.hostname] ?? null,
    expiresAt: null,
  };
}
