import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOf, type Draft, EMPTY_DRAFT, kindsFor, needsSecret, withKind } from './credential-draft.ts';

const NOW = Date.parse('2026-11-22T12:00:00.000Z');
const filled: Draft = { ...EMPTY_DRAFT, server: 'tickets', name: 'tickets-client', reason: 'first use' };

test('a server is offered only what can reach it', () => {
  assert.deepEqual(kindsFor({ transport: 'stdio' }), ['env']);
  assert.equal(kindsFor({ transport: 'http' }).includes('env'), false);
  assert.deepEqual(kindsFor({ transport: 'external' }), []);
});

test('a fixed secret gets an end, and one that is minted keeps none', () => {
  assert.deepEqual(withKind(filled, 'bearer').end, { kind: 'in', hours: 720 });
  assert.deepEqual(withKind(filled, 'token-exchange').end, { kind: 'never' });
});

test('what is missing is said by name, and nothing that belongs to another kind is sent', () => {
  const oauth = { ...filled, tokenUrl: 'https://id.example.com/token', clientId: 'gateway', header: 'X-Key' };
  assert.equal(needsSecret(oauth), false);
  const sent = createOf(oauth, NOW);
  assert.ok(sent.ok);
  assert.deepEqual(sent.value.config, {
    kind: 'oauth-client-credentials',
    tokenUrl: 'https://id.example.com/token',
    clientId: 'gateway',
    clientAuth: 'private_key_jwt',
  });
  assert.equal('secret' in sent.value, false);
  const refusals = [
    { ...filled, server: '' },
    { ...oauth, tokenUrl: 'nowhere' },
    { ...withKind(filled, 'header'), secret: 'long-enough' },
    withKind(filled, 'bearer'),
    { ...withKind(filled, 'bearer'), secret: 'long-enough', reason: '' },
    { ...withKind(filled, 'bearer'), secret: 'long-enough', end: { kind: 'on', date: '' } as const },
  ].map((draft) => createOf(draft, NOW));
  assert.deepEqual(
    refusals.map((refusal) => (refusal.ok ? 'sent' : refusal.error.split(/[.:]/)[0])),
    [
      'Choose the server first',
      'Give the address of the token endpoint',
      'Name the header',
      'Paste the secret',
      'Say why first, in a few words',
      'Name the last day',
    ],
  );
});
