// Server-only. How next-auth is used here: it seals the cookie; who somebody is stays in our rows.
import type { NextAuthOptions } from 'next-auth';
import { z } from 'zod';
import { emailSchema } from '#lib/contracts/shared-shapes.ts';
import type { Database } from '../db/prisma.ts';
import type { Env } from '../env.ts';
import type { Keys } from '../keys/load-keys.ts';
import { isSecureConsole, SEAL_TTL_S, sessionCookieName } from './session-cookie.ts';
import { signIn } from './sign-in.ts';
import { signInWithPasskey } from './sign-in-with-passkey.ts';
import { signOut } from './sign-out.ts';

const credentialsSchema = z.object({ email: emailSchema, password: z.string().min(1).max(200) });
/** next-auth hands on flat fields only, so the browser's answer travels as JSON text. */
const assertionSchema = z.object({ assertion: z.string().max(20_000) });

/**
 * The options of one request. `address` is what the console process saw, not what the client claims.
 * The JWT carries the session id and the person's id, nothing else: a role in a cookie would outlive its revocation.
 */
export function nextAuthOptions(
  deps: { readonly prisma: Database; readonly keys: Keys; readonly env: Env },
  caller: { readonly address: string; readonly userAgent: string | null },
): NextAuthOptions {
  const secure = isSecureConsole(deps.env);
  const name = sessionCookieName(deps.env);
  const options = { httpOnly: true, sameSite: 'lax', path: '/', secure } as const;
  return {
    secret: deps.keys.sessionSecret,
    useSecureCookies: secure,
    session: { strategy: 'jwt', maxAge: SEAL_TTL_S, updateAge: SEAL_TTL_S },
    pages: { signIn: '/sign-in', error: '/sign-in' },
    cookies: {
      sessionToken: { name, options },
      csrfToken: { name: name.replace('session', 'csrf'), options },
      callbackUrl: { name: name.replace('session', 'callback'), options },
    },
    providers: [
      {
        id: 'credentials',
        name: 'Password',
        type: 'credentials',
        credentials: {},
        authorize: async (given) => {
          const credentials = credentialsSchema.safeParse(given);
          if (!credentials.success) throw new Error('not-signed-in');
          const signedIn = await signIn(deps, { ...credentials.data, ...caller });
          // next-auth hands the message on as the `error` of its answer; the browser finds the problem's code there.
          if (!signedIn.ok) throw new Error(signedIn.error.code);
          return { id: signedIn.value.personId, sessionId: signedIn.value.sessionId };
        },
      },
      {
        id: 'passkey',
        name: 'Passkey',
        type: 'credentials',
        credentials: {},
        authorize: async (given) => {
          const assertion = readText(assertionSchema.safeParse(given).data?.assertion ?? '');
          const signedIn = await signInWithPasskey(
            { prisma: deps.prisma, keys: deps.keys, consoleUrl: deps.env.consoleUrl },
            { assertion, ...caller },
          );
          if (!signedIn.ok) throw new Error(signedIn.error.code);
          return { id: signedIn.value.personId, sessionId: signedIn.value.sessionId };
        },
      },
    ],
    callbacks: {
      jwt: ({ token, user }) => {
        const sessionId = user !== undefined && 'sessionId' in user ? user.sessionId : token.sid;
        return { sub: token.sub ?? '', sid: sessionId };
      },
    },
    events: {
      signOut: async ({ token }) => {
        if (typeof token?.sid === 'string') await signOut(deps, token.sid);
      },
    },
    // Its own logger writes to the console, with causes that may quote what was typed.
    logger: { error: () => undefined, warn: () => undefined, debug: () => undefined },
  };
}

function readText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
