// A software authenticator: makes real ES256 credentials and assertions (WebAuthn level 3, attestation "none") in code, and
// answers wrongly in every way a test asks for.
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { z } from 'zod';

/** What an honest browser and authenticator would not do. */
export type Mischief = {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly type?: string;
  readonly crossOrigin?: boolean;
  /** User verification left out. */
  readonly unverified?: boolean;
  /** Nobody touched it. */
  readonly absent?: boolean;
  readonly counter?: number;
  readonly userHandle?: string;
  /** Breaks the signature. */
  readonly forged?: boolean;
};
export type Authenticator = {
  readonly credentialId: string;
  /** Answers `navigator.credentials.create` with these options. */
  create(options: unknown, mischief?: Mischief): Record<string, unknown>;
  /** Answers `navigator.credentials.get` with these options. */
  get(options: unknown, mischief?: Mischief): Record<string, unknown>;
};

const FLAGS = { present: 0x01, verified: 0x04, attested: 0x40 } as const;
const optionsSchema = z.looseObject({ challenge: z.string() });
const creationSchema = optionsSchema.extend({ user: z.looseObject({ id: z.string() }) });

/** An authenticator with one credential. Its counter grows with every use, unless it is told to have none. */
export function makeAuthenticator(at: {
  readonly origin: string;
  readonly rpId?: string;
  readonly counts?: boolean;
}): Authenticator {
  const rpId = at.rpId ?? new URL(at.origin).hostname;
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const id = randomBytes(32);
  const credentialId = id.toString('base64url');
  let uses = 0;
  let userHandle: string | undefined;

  const count = (mischief: Mischief) => {
    if (at.counts !== false) uses++;
    return mischief.counter ?? uses;
  };
  const clientData = (type: string, challenge: string, mischief: Mischief) =>
    Buffer.from(
      JSON.stringify({
        type: mischief.type ?? type,
        challenge: mischief.challenge ?? challenge,
        origin: mischief.origin ?? at.origin,
        crossOrigin: mischief.crossOrigin ?? false,
      }),
    );
  const head = (flags: number, mischief: Mischief) => {
    const present = mischief.absent === true ? 0 : FLAGS.present;
    const verified = mischief.unverified === true ? 0 : FLAGS.verified;
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(count(mischief));
    return Buffer.concat([sha256(mischief.rpId ?? rpId), Buffer.of(flags | present | verified), counter]);
  };

  return {
    credentialId,
    create: (options, mischief = {}) => {
      const { challenge, user } = creationSchema.parse(options);
      userHandle = user.id;
      const length = Buffer.alloc(2);
      length.writeUInt16BE(id.length);
      const authData = Buffer.concat([
        head(FLAGS.attested, mischief),
        Buffer.alloc(16),
        length,
        id,
        coseKey(publicKey),
      ]);
      const attestation = cborMap([
        [cborText('fmt'), cborText('none')],
        [cborText('attStmt'), cborMap([])],
        [cborText('authData'), cborBytes(authData)],
      ]);
      return answer(credentialId, {
        clientDataJSON: clientData('webauthn.create', challenge, mischief).toString('base64url'),
        attestationObject: attestation.toString('base64url'),
        transports: ['internal'],
      });
    },
    get: (options, mischief = {}) => {
      const { challenge } = optionsSchema.parse(options);
      const client = clientData('webauthn.get', challenge, mischief);
      const authData = head(0, mischief);
      const signature = sign('sha256', Buffer.concat([authData, sha256(client)]), privateKey);
      if (mischief.forged === true) signature[signature.length - 1] = (signature.at(-1) ?? 0) ^ 1;
      return answer(credentialId, {
        clientDataJSON: client.toString('base64url'),
        authenticatorData: authData.toString('base64url'),
        signature: signature.toString('base64url'),
        userHandle: mischief.userHandle ?? userHandle,
      });
    },
  };
}

function answer(id: string, response: Record<string, unknown>): Record<string, unknown> {
  return { id, rawId: id, type: 'public-key', response, clientExtensionResults: {} };
}

function sha256(data: string | Buffer): Buffer {
  return createHash('sha256').update(data).digest();
}

/** An EC2 key of P-256 for ES256 (RFC 9053). */
function coseKey(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  return cborMap([
    [cborInt(1), cborInt(2)],
    [cborInt(3), cborInt(-7)],
    [cborInt(-1), cborInt(1)],
    [cborInt(-2), cborBytes(Buffer.from(x, 'base64url'))],
    [cborInt(-3), cborBytes(Buffer.from(y, 'base64url'))],
  ]);
}

// The few shapes of CBOR (RFC 8949) that an authenticator writes.
function cborHead(major: number, value: number): Buffer {
  if (value < 24) return Buffer.of((major << 5) | value);
  if (value < 256) return Buffer.of((major << 5) | 24, value);
  return Buffer.of((major << 5) | 25, value >> 8, value & 255);
}
function cborInt(value: number): Buffer {
  return value >= 0 ? cborHead(0, value) : cborHead(1, -1 - value);
}
function cborBytes(bytes: Buffer): Buffer {
  return Buffer.concat([cborHead(2, bytes.length), bytes]);
}
function cborText(text: string): Buffer {
  return Buffer.concat([cborHead(3, Buffer.byteLength(text)), Buffer.from(text)]);
}
function cborMap(entries: readonly (readonly [Buffer, Buffer])[]): Buffer {
  return Buffer.concat([cborHead(5, entries.length), ...entries.flat()]);
}
