// Server-only. Whether an identity may go where it asks, by its own part of the allowlist.
import { isIP } from 'node:net';
import { entriesFor } from '#lib/core/egress/entries-for.ts';
import { judgeResolved, judgeUrl } from '#lib/core/egress/judge-url.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { ProxyClient } from './proxy-client.ts';
import { type ProxyTarget, urlOf } from './read-target.ts';

export type TargetVerdict =
  /** An entry of the identity's own covers it; `cidr` is the range that the entry opens. */
  | { readonly kind: 'listed'; readonly scheme: 'http' | 'https'; readonly cidr: string | null }
  /** None does, and people are to be asked. Only public addresses may be reached that way. */
  | { readonly kind: 'ask'; readonly scheme: 'http' | 'https' }
  | { readonly kind: 'denied'; readonly scheme: 'http' | 'https'; readonly reason: string };

/**
 * Judges a target. A tunnel may carry either scheme (undici tunnels http as well), so an entry of either opens it, but only
 * one for the whole host: what is asked inside a tunnel cannot be seen, and a path prefix would promise what nobody checks.
 */
export function judgeTarget(
  snapshot: Pick<Snapshot, 'egress' | 'asksFirstSeen'>,
  client: ProxyClient,
  target: ProxyTarget,
  nowMs: number,
): TargetVerdict {
  const entries = entriesFor(snapshot.egress, client.identity);
  const schemes = target.kind === 'tunnel' ? (['https', 'http'] as const) : (['http'] as const);
  let reason = '';
  for (const scheme of schemes) {
    const judged = judgeUrl(urlOf(scheme, target), entries, nowMs);
    if (judged.ok) return { kind: 'listed', scheme, cidr: judged.value.entry.cidr ?? null };
    // An entry that has ended says more than that there is none for the other scheme.
    if (reason === '' || judged.error.reason.includes('expired')) reason = judged.error.reason;
    if (judged.error.needs === null) return { kind: 'denied', scheme: schemes[0], reason };
  }
  const scheme = schemes[0];
  if (!snapshot.asksFirstSeen.has(client.identity)) return { kind: 'denied', scheme, reason };
  if (client.principal.stdioServer !== undefined) {
    return { kind: 'denied', scheme, reason: `${reason} People are not asked for a server that connects by itself.` };
  }
  // Nobody is asked about an address that an approval could not open.
  if (isIP(target.host) !== 0) {
    const literal = judgeResolved([target.host], { cidr: null });
    if (!literal.ok) return { kind: 'denied', scheme, reason: literal.error.reason };
  }
  return { kind: 'ask', scheme };
}
