import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { OPERATOR_VARIABLES, readEnv } from './env.ts';

function sentenceFor(source: Record<string, string>): string {
  const read = readEnv(source);
  return read.ok ? 'accepted' : read.error.sentence;
}

test('an empty environment starts on loopback with the embedded database', () => {
  const read = readEnv({});
  assert.ok(read.ok);
  assert.equal(read.value.databaseUrl, undefined);
  assert.equal(read.value.bindAddress, '127.0.0.1');
  assert.equal(read.value.consoleUrl, 'http://localhost:3000');
  assert.equal(read.value.gatewayUrl, 'http://localhost:4000');
});

test('an empty variable counts as unset', () => {
  assert.ok(readEnv({ DATABASE_URL: '', CONSOLE_PORT: '' }).ok);
});

test('a bad value is refused with one sentence that names the variable', () => {
  const table: [Record<string, string>, RegExp][] = [
    [{ DATABASE_URL: 'mysql://x' }, /^DATABASE_URL must be a postgresql:\/\/ URL\.$/],
    [{ CONSOLE_PORT: 'abc' }, /^CONSOLE_PORT must be a port number\.$/],
    [{ GATEWAY_PORT: '70000' }, /^GATEWAY_PORT /],
    [{ BIND_ADDRESS: 'everywhere' }, /^BIND_ADDRESS must be an IP address\.$/],
    [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL must be one of/],
    [{ TRUSTED_PROXIES: '10.0.0.0/8, nonsense' }, /^TRUSTED_PROXIES /],
    [{ CONSOLE_URL: 'https://a.example/path' }, /^CONSOLE_URL /],
    [{ TLS_CERT_FILE: '/a.pem' }, /^TLS_CERT_FILE and TLS_KEY_FILE must be set together\.$/],
  ];
  for (const [source, expected] of table) {
    assert.match(sentenceFor(source), expected);
  }
});

test('a refused URL is not echoed, because it may carry a password', () => {
  assert.doesNotMatch(sentenceFor({ DATABASE_URL: 'mysql://user:hunter2@db/x' }), /hunter2/);
});

test('a bind that the network reaches needs TLS or a trusted proxy', () => {
  assert.match(sentenceFor({ BIND_ADDRESS: '0.0.0.0' }), /reachable from the network/);
  assert.match(sentenceFor({ BIND_ADDRESS: '::' }), /reachable from the network/);
  assert.equal(sentenceFor({ BIND_ADDRESS: '::1' }), 'accepted');
  assert.equal(sentenceFor({ BIND_ADDRESS: '0.0.0.0', TRUSTED_PROXIES: '10.0.0.5' }), 'accepted');
  const tls = readEnv({ BIND_ADDRESS: '10.1.2.3', TLS_CERT_FILE: '/c', TLS_KEY_FILE: '/k' });
  assert.ok(tls.ok);
  assert.equal(tls.value.consoleUrl, 'https://10.1.2.3:3000');
});

test('.env.example names exactly the variables that an operator may set', () => {
  const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
  const named = [...text.matchAll(/^# ([A-Z_]+)=/gm)].map((match) => match[1]);
  assert.deepEqual([...named].sort(), [...OPERATOR_VARIABLES].sort());
});
