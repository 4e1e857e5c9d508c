import 'server-only';
import NextAuth from 'next-auth/next';
import { parseStrict } from '#lib/core/json/parse-strict.ts';
import { isJsonObject } from '#lib/core/json/value.ts';
import { nextAuthOptions } from '#lib/server/auth/next-auth-options.ts';
import { problemAnswer } from './problem.ts';
import { siteRoute } from './route.ts';

/** What next-auth may do here. Its own pages and its `session` action stay shut: our rows say who is signed in. */
const ACTIONS = new Set(['GET csrf', 'POST callback/credentials', 'POST callback/passkey', 'POST signout']);
const MEDIA_TYPES = new Set(['application/json', 'application/x-www-form-urlencoded']);

/** next-auth behind the site check, for the few actions that signing in and out needs. */
export const nextAuthRoute = siteRoute(async ({ deps, request, address }, next) => {
  const nextauth = (await next.params)?.nextauth;
  const path = Array.isArray(nextauth) ? nextauth : [];
  if (!ACTIONS.has(`${request.method} ${path.join('/')}`)) return problemAnswer('not-found');
  const mediaType = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (request.method === 'POST' && !MEDIA_TYPES.has(mediaType)) return problemAnswer('unsupported-media-type');
  // next-auth throws on what it cannot parse, which would be our fault in the log and a 500 for a stranger.
  if (mediaType === 'application/json') {
    const body = parseStrict(await request.clone().text());
    if (!body.ok || !isJsonObject(body.value)) return problemAnswer('bad-json');
  }
  const options = nextAuthOptions(deps, { address, userAgent: request.headers.get('user-agent') });
  const answer: unknown = await NextAuth(request, { params: Promise.resolve({ nextauth: path }) }, options);
  return answer instanceof Response ? answer : problemAnswer('internal');
});
