import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type EgressEntry, judgeUrl } from './judge-url.ts';

const PIN = `${'A'.repeat(43)}=`;
const PLAIN: EgressEntry = { scheme: 'https', host: 'api.example.com', port: 443, pathPrefix: '/' };
const URL_OF = 'https://api.example.com/mcp/x';
const judged = (entries: readonly EgressEntry[]) => {
  const verdict = judgeUrl(URL_OF, entries, 1_000);
  assert.ok(verdict.ok);
  return verdict.value.entry;
};

const plain = fc.record({
  scheme: fc.constant('https'),
  host: fc.constantFrom('api.example.com', '*.example.com'),
  port: fc.constant(443),
  pathPrefix: fc.constantFrom('/', '/mcp', '/mcp/x'),
  cidr: fc.constantFrom(null, undefined, '10.0.0.0/8'),
  expiresAt: fc.constantFrom(null, undefined, 500, 2_000),
  tlsPin: fc.constantFrom(null, undefined),
  clientCertificateId: fc.constantFrom(null, undefined, 'one', 'two'),
});

test('a pin that is added for a host never lets an unpinned connection through, whatever stood there before', () => {
  fc.assert(
    fc.property(
      fc.array(plain, { maxLength: 6 }),
      fc.constantFrom('/', '/mcp'),
      fc.nat(6),
      (before, pathPrefix, at) => {
        const listed: readonly EgressEntry[] = before;
        const entries = listed.toSpliced(at, 0, { ...PLAIN, pathPrefix, tlsPin: PIN });
        assert.equal(judged(entries).tlsPin, PIN);
      },
    ),
  );
});

test('the order of the list decides nothing', () => {
  const pinned = fc.tuple(plain, fc.constantFrom(null, PIN, `${'B'.repeat(43)}=`)).map(([entry, tlsPin]) => ({
    ...entry,
    tlsPin,
  }));
  const terms = (entries: readonly EgressEntry[]) => {
    const { tlsPin, clientCertificateId, cidr } = judged(entries);
    return JSON.stringify([tlsPin ?? null, clientCertificateId ?? null, cidr ?? null]);
  };
  fc.assert(
    fc.property(fc.array(pinned, { maxLength: 6 }), (some) => {
      const entries = [PLAIN, ...some];
      assert.equal(terms(entries.toReversed()), terms(entries));
    }),
  );
});

test('of equal entries the terms add up, and end with the one they are from', () => {
  const entry = judged([
    PLAIN,
    { ...PLAIN, clientCertificateId: 'c', expiresAt: 9_000 },
    { ...PLAIN, tlsPin: PIN, expiresAt: 5_000 },
  ]);
  assert.deepEqual([entry.tlsPin, entry.clientCertificateId, entry.expiresAt], [PIN, 'c', 5_000]);
});

test('an expired pin, and one on a wildcard beside the host itself, demand nothing', () => {
  assert.equal(judged([PLAIN, { ...PLAIN, tlsPin: PIN, expiresAt: 500 }]).tlsPin ?? null, null);
  assert.equal(judged([PLAIN, { ...PLAIN, host: '*.example.com', tlsPin: PIN }]).tlsPin ?? null, null);
});
