import assert from 'node:assert/strict';
import { test } from 'node:test';
import { consoleHosts, consoleOrigins, isOwnSite } from './request-origin.ts';

const env = { consoleUrl: 'https://console.example.com', consolePort: 3000, tlsCertFile: undefined };
const origins = consoleOrigins(env);

test('the console answers to its public URL and to the loopback names of its port, and to nothing else', () => {
  assert.deepEqual([...consoleHosts(env)].sort(), [
    '127.0.0.1:3000',
    '[::1]:3000',
    'console.example.com',
    'localhost:3000',
  ]);
});

const cases: readonly (readonly [string, Readonly<Record<string, string>>, boolean, boolean])[] = [
  ['our origin', { origin: 'https://console.example.com' }, false, true],
  [
    'our origin, and the browser agrees',
    { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-origin' },
    false,
    true,
  ],
  [
    'our origin, and the browser disagrees',
    { origin: 'http://localhost:3000', 'sec-fetch-site': 'cross-site' },
    false,
    false,
  ],
  ['a sibling domain', { origin: 'https://evil.example.com', 'sec-fetch-site': 'same-site' }, false, false],
  ['a name that begins like ours', { origin: 'https://console.example.com.evil.example' }, false, false],
  ['another scheme', { origin: 'http://console.example.com' }, false, false],
  ['another port', { origin: 'http://localhost:3001' }, false, false],
  ['the null origin', { origin: 'null' }, false, false],
  ['no origin, with a cookie', {}, false, false],
  ['no origin, same-origin claimed, with a cookie', { 'sec-fetch-site': 'same-origin' }, false, false],
  ['no origin, with a bearer token', {}, true, true],
  ['a foreign page with a bearer token', { origin: 'https://evil.example' }, true, false],
  ['typed into the address bar', { 'sec-fetch-site': 'none' }, true, false],
];

for (const [title, headers, bearer, expected] of cases) {
  test(`a write from ${title} is ${expected ? 'taken' : 'refused'}`, () => {
    assert.equal(
      isOwnSite((name) => headers[name], { origins, bearer }),
      expected,
    );
  });
}
