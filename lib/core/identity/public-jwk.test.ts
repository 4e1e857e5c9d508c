import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { calculateJwkThumbprint } from 'jose';
import { z } from 'zod';
import type { JsonObject } from '../json/value.ts';
import { readAgentJwk } from './public-jwk.ts';

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
