import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EgressEntry, judgeUrl, listsDestination } from './judge-url.ts';

const ENTRY: EgressEntry = {
  scheme: 'https',
  host: 'api.Example.com.',
  port: 443,
  pathPrefix: '/mcp',
  expiresAt: 2_000,
};
const OTHER: EgressEntry = { scheme: 'http', host: '*.example.org', port: 8080, pathPrefix: '/' };
const TO = { scheme: 'https', host: 'API.example.com', port: 443 };

test('a destination is listed by scheme, host and port, whatever the path, until the entry is over', () => {
  assert.equal(listsDestination(TO, [OTHER, ENTRY], 1_999), true);
  assert.equal(listsDestination(TO, [OTHER, ENTRY], 2_000), false);
  assert.equal(listsDestination({ scheme: 'http', host: 'a.example.org', port: 8080 }, [ENTRY, OTHER], 9_000), true);
  assert.equal(listsDestination(TO, [], 0), false);
});

for (const [what, to] of [
  ['scheme', { ...TO, scheme: 'http' }],
  ['host', { ...TO, host: 'example.com' }],
  ['port', { ...TO, port: 8443 }],
] as const) {
  test(`another ${what} is another destination`, () => {
    assert.equal(listsDestination(to, [ENTRY, OTHER], 0), false);
  });
}

test('of two ranges for the same path the lesser one holds in either order; one for another path lends nothing', () => {
  const plain = { scheme: 'https', host: 'api.example.com', port: 443, pathPrefix: '/mcp' };
  const [one, two] = [
    { ...plain, cidr: '10.0.0.0/8' },
    { ...plain, cidr: '10.1.0.0/16' },
  ];
  const range = (entries: readonly EgressEntry[]) => {
    const verdict = judgeUrl('https://api.example.com/mcp', entries, 0);
    return verdict.ok && verdict.value.entry.cidr;
  };
  assert.equal(range([one, two]), '10.0.0.0/8');
  assert.equal(range([two, one]), '10.0.0.0/8');
  assert.equal(range([plain, two]), '10.1.0.0/16');
  assert.equal(range([plain, { ...two, pathPrefix: '/' }]), undefined);
});
