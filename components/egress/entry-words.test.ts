import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressOf, entrySentence, identityWords } from './entry-words.ts';

const entry = {
  identity: 'gateway',
  scheme: 'https',
  host: 'api.example.com',
  port: 443,
  path: '/v1',
  cidr: null,
  tlsPin: null,
  clientCertificate: null,
  expires: null,
} as const;

test('an entry reads as what it opens, and to whom', () => {
  assert.equal(
    entrySentence(entry),
    'The gateway may connect to api.example.com, port 443, paths below /v1, with no end.',
  );
  const wide = entrySentence({ ...entry, identity: 'agent:release-bot', host: '*.example.com', path: '/' });
  assert.match(wide, /^Agent release-bot may connect to any one name directly below example\.com, port 443, any path/);
});

test('what narrows or weakens an entry is said', () => {
  const said = entrySentence({
    ...entry,
    identity: 'server:files',
    scheme: 'http',
    cidr: '10.0.0.0/8',
    tlsPin: 'x',
    clientCertificate: 'y',
    expires: '2026-12-01T12:00:00.000Z',
  });
  assert.match(said, /^Stdio server files may .*without encryption, only at addresses inside 10\.0\.0\.0\/8/);
  assert.match(said, /only if it shows the pinned key, showing our certificate, until 2026-12-01 \d\d:\d\d\.$/);
});

test('an address shows IPv6 in brackets, once', () => {
  assert.equal(addressOf({ scheme: 'http', host: '::1', port: 80, path: '/' }), 'http://[::1]:80/');
  assert.equal(addressOf({ scheme: 'http', host: '[::1]', port: 80, path: '/' }), 'http://[::1]:80/');
  assert.deepEqual(['gateway', 'agent:a', 'server:b'].map(identityWords), ['the gateway', 'agent a', 'stdio server b']);
});
