// A certified OpenID provider (oidc-provider) on loopback. Whoever it takes to be at the keyboard signs in without a form.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type Provider from 'oidc-provider';
import type { Claims, Context } from 'oidc-provider';

export type IdentityProvider = {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Says who sits at the keyboard from now on, and what the provider knows about them. */
  seat(claims: Claims): void;
  /** Stops answering, as a provider that is down. */
  close(): Promise<void>;
};

/** Starts it for a console whose redirect address is known. Groups and e-mail come by the user-info endpoint only. */
export async function startIdentityProvider(redirectUri: string): Promise<IdentityProvider> {
  let seated: Claims = { sub: 'nobody' };
  const known = new Map<string, Claims>();
  let answer: (
    request: Parameters<ReturnType<Provider['callback']>>[0],
    response: Parameters<ReturnType<Provider['callback']>>[1],
  ) => void = () => undefined;
  const server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Parse boundary: a TCP server's address is no string.
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  const clientId = 'countersign';
  const clientSecret = randomBytes(24).toString('base64url');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const provider = await makeProvider(issuer, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig' }] },
    cookies: { keys: [randomBytes(24).toString('base64url')] },
    scopes: ['openid', 'email', 'profile', 'groups'],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
    features: { devInteractions: { enabled: false } },
    ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 600, Interaction: 600, Session: 600, Grant: 600 },
    pkce: { required: () => true },
    interactions: { url: () => '/seat' },
    findAccount: (_context: unknown, sub: string) => ({
      accountId: sub,
      claims: async () => known.get(sub) ?? { sub },
    }),
    loadExistingGrant: async ({ oidc }: Context) => {
      const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope('openid email profile groups');
      await grant.save();
      return grant;
    },
  });
  const callback = provider.callback();
  answer = (request, response) => {
    if (request.url !== '/seat') return callback(request, response);
    provider.interactionFinished(request, response, { login: { accountId: seated.sub } }).catch(() => {
      response.writeHead(400).end();
    });
  };
  return {
    issuer,
    clientId,
    clientSecret,
    seat: (claims) => {
      seated = claims;
      known.set(claims.sub, claims);
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** It warns on the console that it is kept in memory, and of Node versions it does not know: what fails a test file of ours. */
async function makeProvider(issuer: string, configuration: Readonly<Record<string, unknown>>): Promise<Provider> {
  const { warn } = console;
  console.warn = () => undefined;
  try {
    const { default: Made } = await import('oidc-provider');
    return new Made(issuer, configuration);
  } finally {
    console.warn = warn;
  }
}

/** Goes where the console sent a browser, and on until the provider sends it back; answers that last address. */
export async function visitProvider(start: string, backTo: string): Promise<URL> {
  const jar = new Map<string, string>();
  let at = start;
  for (let hop = 0; hop < 10; hop++) {
    if (at.startsWith(backTo)) return new URL(at);
    const response = await fetch(at, {
      redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    const location = response.headers.get('location');
    if (location === null) throw new Error(`the provider stopped with ${response.status}: ${await response.text()}`);
    at = new URL(location, at).href;
  }
  throw new Error('the provider never sent the browser back');
}
