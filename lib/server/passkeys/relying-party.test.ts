import assert from 'node:assert/strict';
import { test } from 'node:test';
import { relyingParty, relyingPartyAt } from './relying-party.ts';

const cases: readonly (readonly [string, string | null])[] = [
  ['https://console.example.com', 'console.example.com https://console.example.com'],
  ['https://console.example.com:8443', 'console.example.com https://console.example.com:8443'],
  ['http://localhost:3000', 'localhost http://localhost:3000'],
  ['http://127.0.0.1:3000', 'localhost http://localhost:3000'],
  ['http://[::1]:3000', 'localhost http://localhost:3000'],
  ['http://cs.localhost:3000', 'cs.localhost http://cs.localhost:3000'],
  ['http://console.example.com', null],
  ['http://localhost.example.com', null],
  ['https://192.0.2.7', null],
  ['http://192.0.2.7:3000', null],
  ['https://[2001:db8::1]:3000', null],
];

for (const [url, expected] of cases) {
  test(`at ${url} passkeys ${expected === null ? 'do not work' : `belong to ${expected.split(' ')[0]}`}`, () => {
    const party = relyingParty(url);
    assert.equal(party.ok ? `${party.value.id} ${party.value.origin}` : null, expected);
  });
}

test('a page at another name of the console is told where passkeys work', () => {
  const party = relyingPartyAt('https://console.example.com', 'localhost:3000');
  assert.ok(!party.ok);
  assert.match(party.error.sentence, /at https:\/\/console\.example\.com only/);
  assert.ok(relyingPartyAt('https://console.example.com', 'console.example.com').ok);
  assert.ok(!relyingPartyAt('https://console.example.com', null).ok);
});
