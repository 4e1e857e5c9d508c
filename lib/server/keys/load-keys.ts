// Server-only. The installation's own keys, in <data dir>/keys; made at the first start.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { formatVerifierKey } from '../../core/audit/checkpoint.ts';
import { sha256Hex } from '../../core/hash/sha256.ts';
import { canonicalJson } from '../../core/json/canonical.ts';
import { KeyFileError, readOrCreateSecret, readSecret } from './key-files.ts';
import { decodeMasterKey, fileWrapper, type KeyWrapper, readDataRoot } from './master-key.ts';

export type Keys = {
  /** The data root: payloads, held arguments and signing keys are sealed under it. 32 bytes; outlives a master key. */
  readonly masterKey: Buffer;
  /** The master key itself: wraps the keys of the vault's secrets. */
  readonly wrapper: KeyWrapper;
  /** Signs the session cookies' JWT. */
  readonly sessionSecret: string;
  /** Signs agents' access tokens; `kid` is the RFC 7638 thumbprint, `jwk` the public half as published. */
  readonly tokenSigning: {
    readonly kid: string;
    readonly privateKey: KeyObject;
    readonly publicKey: KeyObject;
    readonly jwk: PublicJwk;
  };
  /** Signs the log's checkpoints under the name `origin`. */
  readonly logSigning: {
    readonly privateKey: KeyObject;
    readonly publicKey: KeyObject;
    readonly vkey: string;
    readonly origin: string;
  };
};

/** An Ed25519 public key as GET /.well-known/jwks.json publishes it. */
export type PublicJwk = {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly kid: string;
  readonly alg: 'EdDSA';
  readonly use: 'sig';
};

const PRIVATE_JWK = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), d: z.string() });
const LOG_KEY = PRIVATE_JWK.extend({ origin: z.string().regex(/^[^\s+]+$/u) });
const KEY_BYTES = 32;

/**
 * Reads every key, making those that are missing.
 * Assumes that the data directory is writable at the first start. Throws `KeyFileError` with a sentence for a file
 * that others may read or that is not what it should be; nothing may start with a guess in its place.
 */
export function loadKeys(dataDir: string, masterKeyFile?: string): Keys {
  const directory = join(dataDir, 'keys');
  const masterPath = masterKeyFile ?? join(directory, 'master.key');
  // A named master key is the operator's own (a mounted secret): a missing one is an error, never a new key.
  const masterText = masterKeyFile === undefined ? readOrCreateSecret(masterPath, randomText) : readSecret(masterPath);
  const tokenPath = join(directory, 'token-signing.jwk');
  const token = parseKey(
    PRIVATE_JWK,
    readOrCreateSecret(tokenPath, () => newKey({})),
    tokenPath,
  );
  const logPath = join(directory, 'log-signing.jwk');
  const origin = `countersign-${randomBytes(6).toString('hex')}/log`;
  const log = parseKey(
    LOG_KEY,
    readOrCreateSecret(logPath, () => newKey({ origin })),
    logPath,
  );
  const logPublic = createPublicKey({ key: publicHalf(log), format: 'jwk' });
  const vkey = formatVerifierKey(log.origin, Buffer.from(log.x, 'base64url'));
  // Meant to be handed out: whoever verifies needs it from elsewhere than the log itself.
  writeFileSync(join(directory, 'log.pub'), `${vkey}\n`, { mode: 0o644 });
  const kid = thumbprint(token);
  const masterKey = decodeMasterKey(masterText, masterPath);
  return {
    masterKey: readDataRoot(directory, masterKey),
    wrapper: fileWrapper(masterKey),
    sessionSecret: readOrCreateSecret(join(directory, 'session.secret'), randomText).trim(),
    tokenSigning: {
      kid,
      privateKey: createPrivateKey({ key: token, format: 'jwk' }),
      publicKey: createPublicKey({ key: publicHalf(token), format: 'jwk' }),
      jwk: { ...publicHalf(token), kid, alg: 'EdDSA', use: 'sig' },
    },
    logSigning: {
      privateKey: createPrivateKey({ key: { kty: log.kty, crv: log.crv, x: log.x, d: log.d }, format: 'jwk' }),
      publicKey: logPublic,
      vkey,
      origin: log.origin,
    },
  };
}

function randomText(): string {
  return `${randomBytes(KEY_BYTES).toString('base64url')}\n`;
}

function newKey(more: Readonly<Record<string, string>>): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return `${JSON.stringify({ ...privateKey.export({ format: 'jwk' }), ...more })}\n`;
}

function parseKey<T>(shape: z.ZodType<T>, text: string, path: string): T {
  try {
    return shape.parse(JSON.parse(text));
  } catch (cause) {
    // The parser's message could quote the key: only the path is said.
    throw new KeyFileError(`The key file ${path} is not an Ed25519 key in JWK form.`, { cause });
  }
}

function publicHalf(key: { kty: 'OKP'; crv: 'Ed25519'; x: string }): { kty: 'OKP'; crv: 'Ed25519'; x: string } {
  return { kty: key.kty, crv: key.crv, x: key.x };
}

/** RFC 7638, section 3.2; OKP members by RFC 8037. */
function thumbprint(key: { kty: 'OKP'; crv: 'Ed25519'; x: string }): string {
  return Buffer.from(sha256Hex(canonicalJson(publicHalf(key))), 'hex').toString('base64url');
}
