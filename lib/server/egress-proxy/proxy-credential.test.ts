import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { readProxyCredential, serverProxyCredential, serverProxyUrl } from './proxy-credential.ts';

const keys = { masterKey: randomBytes(32) };
const identity = { serverId: '01234567-89ab-7cde-8f01-23456789abcd', configHash: 'ab'.repeat(32), proxyEpoch: 7 };

test('a credential says which server, configuration and epoch, to whoever has the master key', () => {
  assert.deepEqual(readProxyCredential(keys, serverProxyCredential(keys, identity)), identity);
  assert.deepEqual(
    readProxyCredential({ masterKey: Buffer.from(keys.masterKey) }, serverProxyCredential(keys, identity)),
    identity,
  );
});

test('another master key, server, configuration or epoch makes another credential', () => {
  const text = serverProxyCredential(keys, identity);
  assert.equal(readProxyCredential({ masterKey: randomBytes(32) }, text), null);
  assert.equal(readProxyCredential(keys, text.replace('csp_0123', 'csp_0124')), null);
  assert.equal(readProxyCredential(keys, text.replace('abab', 'abac')), null);
  assert.equal(readProxyCredential(keys, text.replace('.7.', '.8.')), null);
  assert.equal(readProxyCredential(keys, text.replace('.7.', '.07.')), null);
});

test('no other text is a credential: each changed character is noticed', () => {
  const text = serverProxyCredential(keys, identity);
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.constantFrom(...'abz019_-.A'), (at, character) => {
      const changed = text.slice(0, at) + character + text.slice(at + 1);
      const read = readProxyCredential(keys, changed);
      // The last character of base64url has spare bits: the same bytes may be spelled in four ways.
      return changed === text || read === null || (at === text.length - 1 && read.serverId === identity.serverId);
    }),
  );
  fc.assert(fc.property(fc.string(), (other) => readProxyCredential(keys, other) === null));
});

test('the proxy URL of a child carries it as user and password', () => {
  const url = new URL(serverProxyUrl(keys, { ...identity, name: 'files' }, 'http://127.0.0.1:4001'));
  assert.equal(url.username, 'server.files');
  assert.deepEqual(readProxyCredential(keys, decodeURIComponent(url.password)), identity);
  assert.equal(url.host, '127.0.0.1:4001');
});
