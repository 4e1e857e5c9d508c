import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { sign, verify } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { parseVerifierKey } from '../../core/audit/checkpoint.ts';
import { loadKeys } from './load-keys.ts';
import { open, seal } from './seal.ts';

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'countersign-keys-'));
});

afterEach(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

test('the first start makes the keys, readable by their owner only, and the next one finds them', () => {
  const first = loadKeys(dataDir);
  const second = loadKeys(dataDir);
  assert.deepEqual(second.masterKey, first.masterKey);
  assert.equal(second.sessionSecret, first.sessionSecret);
  assert.equal(second.tokenSigning.kid, first.tokenSigning.kid);
  assert.equal(second.logSigning.vkey, first.logSigning.vkey);
  for (const name of ['master.key', 'session.secret', 'token-signing.jwk', 'log-signing.jwk']) {
    assert.equal(statSync(join(dataDir, 'keys', name)).mode & 0o777, 0o600, name);
  }
  assert.deepEqual(readdirSync(join(dataDir, 'keys')).length, 5, 'no partial file stays behind');
});

test('the published log key belongs to the key that signs', () => {
  const { logSigning } = loadKeys(dataDir);
  const published = readFileSync(join(dataDir, 'keys', 'log.pub'), 'utf8');
  const parsed = parseVerifierKey(published);
  assert.ok(parsed.ok);
  assert.equal(parsed.value.name, logSigning.origin);
  const message = Buffer.from('head');
  assert.ok(verify(null, message, logSigning.publicKey, sign(null, message, logSigning.privateKey)));
  const exported = logSigning.publicKey.export({ format: 'jwk' });
  assert.deepEqual(Buffer.from(exported.x ?? '', 'base64url'), Buffer.from(parsed.value.publicKey));
});

test('the published token key carries no private part', () => {
  assert.deepEqual(Object.keys(loadKeys(dataDir).tokenSigning.jwk).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x']);
});

test('a key file that others may read is refused with the command that mends it', () => {
  loadKeys(dataDir);
  chmodSync(join(dataDir, 'keys', 'master.key'), 0o644);
  assert.throws(() => loadKeys(dataDir), /chmod 600/);
});

test('a damaged key file stops the start and is not quoted', () => {
  loadKeys(dataDir);
  writeFileSync(join(dataDir, 'keys', 'token-signing.jwk'), '{"kty":"OKP","d":"geheim"}');
  assert.throws(
    () => loadKeys(dataDir),
    (error: unknown) =>
      error instanceof Error && /not an Ed25519 key/.test(error.message) && !/geheim/.test(error.message),
  );
});

test('a named master key that is missing is an error, never a new key', () => {
  assert.throws(() => loadKeys(dataDir, join(dataDir, 'nowhere.key')), /missing/);
});

test('processes that start together agree on the keys', async () => {
  const source = `import { loadKeys } from ${JSON.stringify(new URL('./load-keys.ts', import.meta.url).href)};
    const keys = loadKeys(process.argv[1]); process.stdout.write(keys.sessionSecret + keys.logSigning.vkey + keys.masterKey.toString('hex'));`;
  const outputs = await Promise.all(
    [1, 2, 3].map(async () => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', source, dataDir], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let text = '';
      child.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      await once(child, 'close');
      return text;
    }),
  );
  assert.equal(new Set(outputs).size, 1);
  assert.ok((outputs[0]?.length ?? 0) > 100);
});

test('a sealed value opens only with its key, in its place, unchanged', () => {
  const key = Buffer.alloc(32, 7);
  const sealed = seal(key, '{"path":"/etc"}', 'request:1');
  assert.equal(open(key, sealed, 'request:1').toString(), '{"path":"/etc"}');
  assert.throws(() => open(Buffer.alloc(32, 8), sealed, 'request:1'));
  assert.throws(() => open(key, sealed, 'request:2'));
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.throws(() => open(key, changed, 'request:1'), `byte ${at}`);
  }
  assert.notDeepEqual(seal(key, 'x', 'a'), seal(key, 'x', 'a'));
});

test('an empty value and raw bytes survive sealing', () => {
  const key = Buffer.alloc(32, 1);
  assert.equal(open(key, seal(key, '', 'a'), 'a').length, 0);
  const bytes = Uint8Array.of(0, 255, 128);
  assert.deepEqual(new Uint8Array(open(key, seal(key, bytes, 'a'), 'a')), bytes);
});
