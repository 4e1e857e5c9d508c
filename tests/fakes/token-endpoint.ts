// A token endpoint: client credentials (RFC 6749) with a secret or with private_key_jwt (RFC 7523), and exchange (RFC 8693).
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { importJWK, jwtVerify } from 'jose';

export type TokenEndpoint = {
  readonly url: string;
  readonly port: number;
  /** The form of every request that came, oldest first. */
  readonly asked: URLSearchParams[];
  readonly headers: (string | undefined)[];
  /** Public keys that are registered for the client. */
  keys: Readonly<Record<string, string>>[];
  clientSecret: string;
  expiresIn: number;
  /** Answers with this instead of a token. */
  misbehave: 'no' | 'redirect' | 'huge' | 'not-bearer' | 'refuse';
  redirectTo: string;
  /** Tokens that were given out, oldest first. */
  readonly given: string[];
  close(): Promise<void>;
};

/** Starts one on a free loopback port. */
export async function startTokenEndpoint(clientId: string): Promise<TokenEndpoint> {
  const used = new Set<string>();
  const http = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
    fake.asked.push(form);
    fake.headers.push(request.headers.authorization);
    const send = (status: number, body: unknown, headers: Record<string, string> = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    };
    if (fake.misbehave === 'redirect') return send(307, {}, { location: fake.redirectTo });
    if (fake.misbehave === 'huge') return send(200, ' '.repeat(200_000));
    if (fake.misbehave === 'refuse' || !(await isClient(request.headers.authorization, form))) {
      return send(401, { error: 'invalid_client', error_description: form.toString() });
    }
    if (form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:token-exchange') {
      const subject = form.get('subject_token') ?? '';
      const isOurs = fake.given.includes(subject) || (await isSigned(subject));
      if (!isOurs) return send(400, { error: 'invalid_request' });
    }
    const token = `minted-${fake.given.length + 1}-${Buffer.from(crypto.getRandomValues(new Uint8Array(12))).toString('hex')}`;
    fake.given.push(token);
    const type = fake.misbehave === 'not-bearer' ? 'DPoP' : 'Bearer';
    return send(200, { access_token: token, token_type: type, expires_in: fake.expiresIn });
  });

  async function isClient(authorization: string | undefined, form: URLSearchParams): Promise<boolean> {
    const assertion = form.get('client_assertion');
    if (assertion !== null) return (await isSigned(assertion)) && !form.has('client_secret');
    const [, encoded = ''] = /^Basic (.+)$/.exec(authorization ?? '') ?? [];
    const [id = '', secret = ''] = Buffer.from(encoded, 'base64').toString().split(':').map(decodeForm);
    return id === clientId && secret === fake.clientSecret;
  }

  async function isSigned(assertion: string): Promise<boolean> {
    for (const key of fake.keys) {
      try {
        const expected = { issuer: clientId, subject: clientId, audience: fake.url, maxTokenAge: '2m' };
        const { payload } = await jwtVerify(assertion, await importJWK(key, 'ES256'), expected);
        if (payload.jti === undefined || used.has(payload.jti)) return false;
        used.add(payload.jti);
        return true;
      } catch {
        // Another key may fit.
      }
    }
    return false;
  }

  const port = await new Promise<number>((resolve) => {
    http.listen(0, '127.0.0.1', () => resolve(portOf(http.address())));
  });
  const fake: TokenEndpoint = {
    url: `http://127.0.0.1:${port}/token`,
    port,
    asked: [],
    headers: [],
    keys: [],
    clientSecret: '',
    expiresIn: 300,
    misbehave: 'no',
    redirectTo: '',
    given: [],
    close: () =>
      new Promise((resolve) => {
        http.closeAllConnections();
        http.close(() => resolve());
      }),
  };
  return fake;
}

function decodeForm(text: string): string {
  return new URLSearchParams(`x=${text}`).get('x') ?? '';
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}
