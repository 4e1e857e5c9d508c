import { sha256Hex } from '../hash/sha256.ts';
import { canonicalJson } from '../json/canonical.ts';
import { isJsonObject, type JsonObject, type JsonValue, ownValue } from '../json/value.ts';
import { err, ok, type Result } from '../result.ts';

/** The signature algorithms an agent's own key may have; none that a shared secret could imitate. */
export const ASSERTION_ALGORITHMS = ['EdDSA', 'ES256', 'ES384', 'RS256', 'PS256'] as const;
export type AssertionAlgorithm = (typeof ASSERTION_ALGORITHMS)[number];

/** A public key as it is stored: the members that make the key and nothing that somebody put beside them. */
export type AgentJwk = {
  readonly jwk: Readonly<Record<string, string>>;
  readonly alg: AssertionAlgorithm;
  readonly thumbprint: string;
};

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
const BASE64URL = /^[A-Za-z0-9_-]+$/;
const LEAST_RSA_BITS = 2048;
const MOST_RSA_BITS = 8192;

/**
 * Reads a public key (RFC 7517) that an agent will sign its assertions with. The algorithm follows from the key, so that
 * no assertion can choose its own (RFC 8725 section 3.1).
 *
 * Refuses a private half, because whoever pasted it has just shown it to somebody else; a symmetric key; RSA under 2048
 * bits; and a key declared for encryption or for another algorithm than its kind has.
 */
export function readAgentJwk(value: JsonValue): Result<AgentJwk, { readonly detail: string }> {
  if (!isJsonObject(value)) return refuse('Give one public key as a JWK object.');
  if (PRIVATE_MEMBERS.some((member) => ownValue(value, member) !== undefined)) {
    return refuse('This holds a private or shared key. Give the public half, and replace the key: it has been shown.');
  }
  const use = ownValue(value, 'use');
  if (use !== undefined && use !== 'sig') return refuse('This key is not for signatures.');
  const read = keyOf(value);
  if (read === null) return refuse('Use Ed25519, P-256, P-384, or RSA of 2048 to 8192 bits.');
  const declared = ownValue(value, 'alg');
  const alg =
    declared === undefined || (declared === 'Ed25519' && read.algorithms[0] === 'EdDSA')
      ? read.algorithms[0]
      : declared;
  const known = read.algorithms.find((one) => one === alg);
  if (known === undefined) return refuse('The key declares an algorithm that it cannot have.');
  return ok({ jwk: read.jwk, alg: known, thumbprint: thumbprintOf(read.jwk) });
}

/** RFC 7638 section 3.2: the required members alone, in canonical JSON. */
export function thumbprintOf(jwk: Readonly<Record<string, string>>): string {
  const hex = sha256Hex(canonicalJson(jwk));
  const bytes = Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

function keyOf(value: JsonObject): {
  readonly jwk: Readonly<Record<string, string>>;
  readonly algorithms: readonly [AssertionAlgorithm, ...AssertionAlgorithm[]];
} | null {
  const member = (name: string): string | null => {
    const text = ownValue(value, name);
    return typeof text === 'string' && BASE64URL.test(text) ? text : null;
  };
  const kty = ownValue(value, 'kty');
  const crv = ownValue(value, 'crv');
  if (kty === 'OKP' && crv === 'Ed25519') {
    const x = member('x');
    return x === null || bytesIn(x) !== 32 ? null : { jwk: { kty, crv, x }, algorithms: ['EdDSA'] };
  }
  if (kty === 'EC' && (crv === 'P-256' || crv === 'P-384')) {
    const [x, y] = [member('x'), member('y')];
    const size = crv === 'P-256' ? 32 : 48;
    if (x === null || y === null || bytesIn(x) !== size || bytesIn(y) !== size) return null;
    return { jwk: { kty, crv, x, y }, algorithms: [crv === 'P-256' ? 'ES256' : 'ES384'] };
  }
  if (kty === 'RSA') {
    const [n, e] = [member('n'), member('e')];
    if (n === null || e === null || !fitsRsa(n, e)) return null;
    return { jwk: { kty, n, e }, algorithms: ['RS256', 'PS256'] };
  }
  return null;
}

/** A modulus that is short, even or padded with zeros, or an exponent of 1, is no key at all. */
function fitsRsa(n: string, e: string): boolean {
  const bytes = Uint8Array.from(atob(n.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
  const [first = 0] = bytes;
  const bits = (bytes.length - 1) * 8 + (32 - Math.clz32(first));
  const isOdd = ((bytes.at(-1) ?? 0) & 1) === 1;
  return first !== 0 && isOdd && bits >= LEAST_RSA_BITS && bits <= MOST_RSA_BITS && e !== 'AQ' && bytesIn(e) <= 8;
}

function bytesIn(base64url: string): number {
  return Math.floor((base64url.length * 3) / 4);
}

function refuse(detail: string): { readonly ok: false; readonly error: { readonly detail: string } } {
  return err({ detail });
}
