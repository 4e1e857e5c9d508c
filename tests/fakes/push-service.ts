// A push service over TLS on loopback, and the browser behind it: it decrypts what arrives (RFC 8291, RFC 8188) and checks
// who sent it (RFC 8292).
import { createDecipheriv, createECDH, createHmac, createPublicKey, randomBytes, verify } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeAuthority } from './certificates.ts';

export type Pushed = { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: Buffer };
export type FakeBrowser = {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
  /** What it was told, decrypted. */
  told(): readonly unknown[];
};
export type PushService = {
  readonly port: number;
  readonly ca: string;
  readonly pushed: Pushed[];
  /** What it answers, by path; 201 where nothing is said. */
  readonly answers: Map<string, { readonly status: number; readonly headers?: Readonly<Record<string, string>> }>;
  browser(name: string): FakeBrowser;
  close(): Promise<void>;
};

export async function startPushService(): Promise<PushService> {
  const authority = makeAuthority();
  const { cert, key } = authority.issue(['127.0.0.1']);
  const pushed: Pushed[] = [];
  const answers: PushService['answers'] = new Map();
  const server = createServer({ cert, key }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const path = request.url ?? '';
    pushed.push({ path, headers: request.headers, body: Buffer.concat(chunks) });
    const { status, headers } = answers.get(path) ?? { status: 201, headers: {} };
    response.writeHead(status, headers).end();
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address: AddressInfo | string | null = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  return {
    port,
    ca: authority.ca,
    pushed,
    answers,
    browser: (name) => {
      const ecdh = createECDH('prime256v1');
      ecdh.generateKeys();
      const auth = randomBytes(16);
      const path = `/push/${name}`;
      return {
        endpoint: `https://127.0.0.1:${port}${path}`,
        keys: { p256dh: ecdh.getPublicKey('base64url'), auth: auth.toString('base64url') },
        told: () =>
          pushed
            .filter((one) => one.path === path)
            .map((one): unknown => JSON.parse(decrypt(one.body, ecdh, auth).toString('utf8'))),
      };
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** RFC 8188 with one record, the keys by RFC 8291 section 3.4. */
function decrypt(body: Buffer, ecdh: ReturnType<typeof createECDH>, auth: Buffer): Buffer {
  const salt = body.subarray(0, 16);
  const idLength = body[20] ?? 0;
  const senderKey = body.subarray(21, 21 + idLength);
  const sealed = body.subarray(21 + idLength);
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), ecdh.getPublicKey(), senderKey]);
  const ikm = expand(extract(auth, ecdh.computeSecret(senderKey)), info, 32);
  const prk = extract(salt, ikm);
  const key = expand(prk, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
  const nonce = expand(prk, Buffer.from('Content-Encoding: nonce\0'), 12);
  const decipher = createDecipheriv('aes-128-gcm', key, nonce);
  decipher.setAuthTag(sealed.subarray(-16));
  const padded = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
  const end = padded.lastIndexOf(2);
  if (end < 0) throw new Error('the last record has no delimiter');
  return padded.subarray(0, end);
}

const extract = (salt: Buffer, ikm: Buffer) => createHmac('sha256', salt).update(ikm).digest();
const expand = (prk: Buffer, info: Buffer, length: number) =>
  createHmac('sha256', prk)
    .update(Buffer.concat([info, Buffer.of(1)]))
    .digest()
    .subarray(0, length);

/** The claims of the VAPID token of a push; throws unless it is signed by the key that it names. */
export function vapidOf(pushed: Pushed): { readonly key: string; readonly claims: unknown } {
  const [, token = '', key = ''] = /^vapid t=([^,]+), ?k=(.+)$/.exec(pushed.headers.authorization ?? '') ?? [];
  const [head = '', claims = '', signature = ''] = token.split('.');
  const raw = Buffer.from(key, 'base64url');
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: raw.subarray(1, 33).toString('base64url'),
    y: raw.subarray(33).toString('base64url'),
  };
  const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
  const isGood = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    { key: publicKey, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  if (!isGood) throw new Error('the VAPID token is not signed by its key');
  return { key, claims: JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) };
}
