// Server-only. Which site a request comes from: the defence against forged cross-site writes and socket hijacking.
import type { Env } from '../env.ts';

/** A header lookup that both `Headers` and node:http can give. */
export type HeaderOf = (name: string) => string | null | undefined;

const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '[::1]'];

/**
 * The origins the console answers to: its public URL, and the loopback names of its port while it binds to loopback.
 * Everything else, the `null` origin of sandboxed frames included, is another site.
 */
export function consoleOrigins(env: Pick<Env, 'consoleUrl' | 'consolePort' | 'tlsCertFile'>): readonly string[] {
  const scheme = env.tlsCertFile === undefined ? 'http' : 'https';
  const local = LOOPBACK_HOSTS.map((host) => new URL(`${scheme}://${host}:${env.consolePort}`).origin);
  return [...new Set([new URL(env.consoleUrl).origin, ...local])];
}

/**
 * The hosts a request may name. An attacker's page that rebinds its own name to 127.0.0.1 still sends its own name here
 * (DNS rebinding), so an unknown host is refused before anything else is looked at.
 */
export function consoleHosts(env: Pick<Env, 'consoleUrl' | 'consolePort' | 'tlsCertFile'>): ReadonlySet<string> {
  return new Set(consoleOrigins(env).map((origin) => new URL(origin).host));
}

/**
 * Whether a write comes from the console's own pages.
 * A browser cannot leave out or forge Origin on a cross-site write, so with a cookie it must be there and be ours;
 * Sec-Fetch-Site must agree where the browser sends it (browsers leave it out on plain http beyond loopback).
 * A bearer token is not sent by a browser on its own, so a command-line client may leave Origin out.
 */
export function isOwnSite(
  header: HeaderOf,
  input: { readonly origins: readonly string[]; readonly bearer: boolean },
): boolean {
  const site = header('sec-fetch-site') ?? null;
  if (site !== null && site !== 'same-origin') return false;
  const origin = header('origin') ?? null;
  if (origin === null) return input.bearer && site === null;
  return input.origins.includes(origin);
}
