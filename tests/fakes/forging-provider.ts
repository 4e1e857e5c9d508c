// A provider that says what the test tells it to say: what a certified one never would.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';

export type Forgery = {
  /** Over what an honest token says. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly sign?: 'honest' | 'none' | 'another-key';
  /** Over what an honest discovery document says. */
  readonly discovery?: Readonly<Record<string, unknown>>;
  /** What the userinfo endpoint says; absent, there is none. */
  readonly userInfo?: Readonly<Record<string, unknown>>;
  /** Instead of the discovery document. */
  readonly raw?: string;
  /** Answers the token endpoint with a redirect to there. */
  readonly redirectTo?: string;
};
export type ForgingProvider = {
  readonly issuer: string;
  forge(forgery: Forgery): void;
  /** The address at which the browser comes back after an authorization request, with an honest `iss`. */
  backFrom(authorizationUrl: string, change?: Readonly<Record<string, string | null>>): string;
  close(): Promise<void>;
};

const AUDIENCE = 'countersign';

export async function startForgingProvider(): Promise<ForgingProvider> {
  const honest = await generateKeyPair('RS256');
  const other = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(honest.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  let forgery: Forgery = {};
  let issuer = '';
  const idToken = async (nonce: string) => {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: issuer,
      aud: AUDIENCE,
      sub: 'forged',
      nonce,
      iat: now,
      exp: now + 300,
      email: 'ana@example.com',
      email_verified: true,
      groups: [],
      ...forgery.claims,
    };
    if (forgery.sign === 'none') return new UnsecuredJWT(claims).encode();
    const key = forgery.sign === 'another-key' ? other.privateKey : honest.privateKey;
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(key);
  };
  const server = createServer((request, response) => {
    const json = (value: unknown) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (request.url === '/.well-known/openid-configuration') {
      if (forgery.raw !== undefined)
        return response.writeHead(200, { 'content-type': 'application/json' }).end(forgery.raw);
      return json({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
        code_challenge_methods_supported: ['S256'],
        authorization_response_iss_parameter_supported: true,
        ...(forgery.userInfo === undefined ? {} : { userinfo_endpoint: `${issuer}/userinfo` }),
        ...forgery.discovery,
      });
    }
    if (request.url === '/jwks') return json({ keys: [jwk] });
    if (request.url === '/userinfo' && forgery.userInfo !== undefined) return json(forgery.userInfo);
    if (request.url !== '/token') return response.writeHead(404).end();
    if (forgery.redirectTo !== undefined) return response.writeHead(307, { location: forgery.redirectTo }).end();
    let form = '';
    request.on('data', (chunk: Buffer) => {
      form += chunk.toString();
    });
    request.on('end', () => {
      const code = new URLSearchParams(form).get('code') ?? '';
      void idToken(code).then((token) => json({ access_token: 'a', token_type: 'Bearer', id_token: token }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Parse boundary: a TCP server's address is no string.
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    forge: (next) => {
      forgery = next;
    },
    backFrom: (authorizationUrl, change = {}) => {
      const asked = new URL(authorizationUrl).searchParams;
      const back = new URL(asked.get('redirect_uri') ?? '');
      // The code is the nonce: this provider keeps nothing.
      back.searchParams.set('code', asked.get('nonce') ?? '');
      back.searchParams.set('state', asked.get('state') ?? '');
      back.searchParams.set('iss', issuer);
      for (const [name, value] of Object.entries(change)) {
        if (value === null) back.searchParams.delete(name);
        else back.searchParams.set(name, value);
      }
      return back.search;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
