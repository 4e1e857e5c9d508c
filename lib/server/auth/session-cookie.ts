// Server-only. The cookie that carries a session id, sealed by next-auth; read alike by the API, pages and sockets.
import { decode } from 'next-auth/jwt';
import { z } from 'zod';
import type { Env } from '../env.ts';
import type { Keys } from '../keys/load-keys.ts';

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
