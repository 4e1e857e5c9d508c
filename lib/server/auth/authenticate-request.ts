// Server-only. Who sends a request to the console: a browser with a cookie, or the CLI with a bearer token.
import type { Database } from '../db/prisma.ts';
import type { Env } from '../env.ts';
import type { Keys } from '../keys/load-keys.ts';
import type { HeaderOf } from './request-origin.ts';
import { openSessionCookie, readCookie, sessionCookieName } from './session-cookie.ts';
import { type LiveSession, readSession, readTokenSession, touchSession } from './sessions.ts';

/** CLI tokens of people carry this prefix; agent tokens (`cs_…`, JWTs) do not and are never looked up here. */
const CLI_TOKEN = /^Bearer (csh_[A-Za-z0-9_-]{43})$/;

/** Whether a request brings an Authorization header; then its cookie counts for nothing. */
export function hasBearer(header: HeaderOf): boolean {
  return (header('authorization') ?? null) !== null;
}

/**
 * The live session of a request, its row checked now; null when there is none.
 * Refuses an agent's token by never recognising it: the two kinds share no table and no prefix.
 */
export async function authenticateRequest(
  header: HeaderOf,
  deps: { readonly prisma: Database; readonly keys: Keys; readonly env: Env },
): Promise<LiveSession | null> {
  const session = hasBearer(header) ? await fromBearer(header, deps.prisma) : await fromCookie(header, deps);
  if (session !== null) await touchSession(deps.prisma, session.principal.sessionId);
  return session;
}

async function fromBearer(header: HeaderOf, prisma: Database): Promise<LiveSession | null> {
  const token = CLI_TOKEN.exec(header('authorization') ?? '')?.[1];
  return token === undefined ? null : readTokenSession(prisma, token);
}

async function fromCookie(
  header: HeaderOf,
  deps: { readonly prisma: Database; readonly keys: Keys; readonly env: Env },
): Promise<LiveSession | null> {
  const cookie = readCookie(header('cookie'), sessionCookieName(deps.env));
  const sessionId = cookie === null ? null : await openSessionCookie(cookie, deps.keys);
  return sessionId === null ? null : readSession(deps.prisma, sessionId);
}
