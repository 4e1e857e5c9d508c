// Server-only. The cookie that carries a session id, sealed by next-auth; read alike by the API, pages and sockets.
import { decode, encode } from 'next-auth/jwt';
import { z } from 'zod';
import type { Env } from '../env.ts';
import type { Keys } from '../keys/load-keys.ts';

/** The seal outlives no session row; the row decides. */
export const SEAL_TTL_S = 12 * 3600;
const sealedSchema = z.object({ sid: z.uuid(), sub: z.uuid() });

/** Whether browsers reach the console over TLS. Loopback http is a secure context for pages but not for `Secure` cookies. */
export function isSecureConsole(env: Pick<Env, 'consoleUrl'>): boolean {
  return env.consoleUrl.startsWith('https:');
}

/**
 * The cookie's name: with TLS the `__Host-` prefix, so that neither a neighbouring subdomain nor plain http can plant
 * one. Without TLS the port is part of the name, because cookies do not separate ports and two consoles on one machine
 * would sign each other out.
 */
export function sessionCookieName(env: Pick<Env, 'consoleUrl' | 'consolePort'>): string {
  return isSecureConsole(env) ? '__Host-countersign.session' : `countersign.session.${env.consolePort}`;
}

/** A cookie value that `openSessionCookie` and next-auth open alike, for sessions that next-auth did not begin. */
export function sealSessionCookie(
  session: { readonly personId: string; readonly sessionId: string },
  keys: Pick<Keys, 'sessionSecret'>,
): Promise<string> {
  return encode({
    token: { sub: session.personId, sid: session.sessionId },
    secret: keys.sessionSecret,
    maxAge: SEAL_TTL_S,
  });
}

/** A Set-Cookie header as every cookie of ours is set; an age of 0 takes it away. */
export function setCookie(env: Pick<Env, 'consoleUrl'>, name: string, value: string, maxAgeS: number): string {
  const secure = isSecureConsole(env) ? '; Secure' : '';
  return `${name}=${value}; Path=/; Max-Age=${maxAgeS}; HttpOnly; SameSite=Lax${secure}`;
}

/** The cookie that holds a sign-in on its way through the provider. */
export function attemptCookieName(env: Pick<Env, 'consoleUrl' | 'consolePort'>): string {
  return sessionCookieName(env).replace('session', 'sso');
}

/** The session id inside a cookie value; null for anything we did not seal ourselves. */
export async function openSessionCookie(value: string, keys: Pick<Keys, 'sessionSecret'>): Promise<string | null> {
  try {
    const payload = sealedSchema.safeParse(await decode({ token: value, secret: keys.sessionSecret }));
    return payload.success ? payload.data.sid : null;
  } catch {
    // A forged, foreign or expired seal is an absent session.
    return null;
  }
}

/** One cookie out of a Cookie header; the first of several with the same name. */
export function readCookie(header: string | null | undefined, name: string): string | null {
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return null;
}
