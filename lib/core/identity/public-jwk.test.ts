import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { calculateJwkThumbprint } from 'jose';
import { z } from 'zod';
import type { JsonObject } from '../json/value.ts';
import { readAgentJwk, thumbprintOf } from './public-jwk.ts';

const jwkSchema = z.record(z.string(), z.string());
const ed = generateKeyPairSync('ed25519');
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const publicOf = (pair: { publicKey: import('node:crypto').KeyObject }): Record<string, string> =>
  jwkSchema.parse(pair.publicKey.export({ format: 'jwk' }));

test('the algorithm follows from the key, and the thumbprint is that of RFC 7638', async () => {
  const cases = [
    [ed, 'EdDSA'],
    [p256, 'ES256'],
    [p384, 'ES384'],
    [rsa, 'RS256'],
  ] as const;
  for (const [pair, alg] of cases) {
    const read = readAgentJwk({ ...publicOf(pair), kid: 'mine', use: 'sig', note: 'dropped' });
    assert.ok(read.ok, alg);
    assert.equal(read.value.alg, alg);
    assert.equal(read.value.thumbprint, await calculateJwkThumbprint(publicOf(pair)));
    assert.ok(!('kid' in read.value.jwk) && !('note' in read.value.jwk));
  }
});

test('a private half, a shared key and a key that is too weak or for something else are refused', () => {
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const wrong: readonly (readonly [string, JsonObject])[] = [
    ['private Ed25519', jwkSchema.parse(ed.privateKey.export({ format: 'jwk' }))],
    ['private RSA', jwkSchema.parse(rsa.privateKey.export({ format: 'jwk' }))],
    ['a shared key', { kty: 'oct', k: 'AAAA' }],
    ['a public key with a shared one beside it', { ...publicOf(ed), k: 'AAAA' }],
    ['RSA of 1024 bits', publicOf(short)],
    ['RSA with the exponent 1', { ...publicOf(rsa), e: 'AQ' }],
    ['RSA padded with zeros', { ...publicOf(short), n: `${'A'.repeat(200)}${publicOf(short).n}` }],
    ['an encryption key', { ...publicOf(p256), use: 'enc' }],
    ['another algorithm than the key has', { ...publicOf(p256), alg: 'RS256' }],
    ['HS256 over a public key', { ...publicOf(rsa), alg: 'HS256' }],
    ['alg none', { ...publicOf(ed), alg: 'none' }],
    ['another curve', { kty: 'EC', crv: 'secp256k1', x: 'AAAA', y: 'AAAA' }],
    ['a member that is not base64url', { ...publicOf(ed), x: '!!' }],
    ['a list', { keys: [publicOf(ed)] }],
  ];
  for (const [name, value] of wrong) assert.equal(readAgentJwk(value).ok, false, name);
  for (const value of [null, 'text', [publicOf(ed)], 7]) assert.equal(readAgentJwk(value).ok, false);
});

test('each private member alone is enough to refuse the key, and the refusal says so', () => {
  for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']) {
    const read = readAgentJwk({ ...publicOf(ed), [member]: 'AAAA' });
    assert.match(read.ok ? '' : read.error.detail, /private or shared key/, member);
  }
});

test('a refusal says which of its rules the key breaks', () => {
  const detail = (value: Parameters<typeof readAgentJwk>[0]) => {
    const read = readAgentJwk(value);
    return read.ok ? '' : read.error.detail;
  };
  assert.match(detail('text'), /one public key/);
  assert.match(detail({ ...publicOf(p256), use: 'enc' }), /not for signatures/);
  assert.match(detail({ kty: 'EC', crv: 'secp256k1', x: 'AAAA', y: 'AAAA' }), /Use Ed25519/);
  assert.match(detail({ ...publicOf(p256), alg: 'RS256' }), /cannot have/);
});

test('kind and curve belong together, and each coordinate has its length', () => {
  const { x: edX = '' } = publicOf(ed);
  const { x = '', y = '' } = publicOf(p256);
  const { x: longX = '', y: longY = '' } = publicOf(p384);
  const { n = '', e = '' } = publicOf(rsa);
  const wrong: readonly JsonObject[] = [
    { kty: 'EC', crv: 'Ed25519', x: edX },
    { kty: 'OKP', crv: 'P-256', x, y },
    { kty: 'OKP', crv: 'X25519', x: edX },
    { kty: 'RSA', crv: 'P-256', x, y },
    { kty: 'OKP', crv: 'Ed25519', x: longX },
    { kty: 'OKP', crv: 'Ed25519' },
    { kty: 'EC', crv: 'P-256', x },
    { kty: 'EC', crv: 'P-256', y },
    { kty: 'EC', crv: 'P-256', x: longX, y },
    { kty: 'EC', crv: 'P-256', x, y: longY },
    { kty: 'EC', crv: 'P-384', x, y },
    { kty: 'EC', crv: 'P-256', x: `!${x}`.slice(0, 43), y },
    { kty: 'EC', crv: 'P-256', x: `${x.slice(0, 42)}!`, y },
    { kty: 'EC', crv: 'P-256', x: 7, y },
    { kty: 'RSA', n },
    { kty: 'RSA', e },
    { kty: 'EC', n, e },
    { kty: 'RSA', n, e: 'AAAAAAAAAAAAAAAA' },
  ];
  for (const value of wrong) assert.equal(readAgentJwk(value).ok, false, JSON.stringify(value));
});

test('what a key declares must be what it can do, under either name of EdDSA', () => {
  const algOf = (value: JsonObject) => {
    const read = readAgentJwk(value);
    return read.ok ? read.value.alg : null;
  };
  assert.equal(algOf({ ...publicOf(ed), alg: 'Ed25519' }), 'EdDSA');
  assert.equal(algOf({ ...publicOf(ed), alg: 'EdDSA' }), 'EdDSA');
  assert.equal(algOf({ ...publicOf(p256), alg: 'Ed25519' }), null);
  assert.equal(algOf({ ...publicOf(rsa), alg: 'PS256' }), 'PS256');
  assert.equal(algOf({ ...publicOf(p256), use: 'sig', alg: 'ES256' }), 'ES256');
});

test('an RSA modulus has between 2048 and 8192 bits and is odd', () => {
  const modulus = (bytes: number, first: number, last: number): JsonObject => {
    const n = Buffer.alloc(bytes, 0x55);
    n[0] = first;
    n[bytes - 1] = last;
    return { kty: 'RSA', n: n.toString('base64url'), e: 'AQAB' };
  };
  assert.equal(readAgentJwk(modulus(256, 0x80, 1)).ok, true, '2048 bits');
  assert.equal(readAgentJwk(modulus(256, 0x7f, 1)).ok, false, '2047 bits');
  assert.equal(readAgentJwk(modulus(1024, 0x80, 1)).ok, true, '8192 bits');
  assert.equal(readAgentJwk(modulus(1025, 0x01, 1)).ok, false, '8193 bits');
  assert.equal(readAgentJwk(modulus(256, 0x80, 2)).ok, false, 'even');
  assert.equal(readAgentJwk(modulus(300, 0, 1)).ok, false, 'padded');
});

test('thumbprints are base64url without padding, whatever the hash is', async () => {
  for (let n = 0; n < 64; n++) {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: `key-${n}` };
    assert.equal(thumbprintOf(jwk), await calculateJwkThumbprint(jwk));
  }
});
