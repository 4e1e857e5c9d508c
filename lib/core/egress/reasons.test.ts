// Why a destination is refused, in the words that an admin reads: each range by one address at each of its ends.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeAddress } from './judge-address.ts';
import { type EgressEntry, judgeResolved, judgeUrl, neededEntry } from './judge-url.ts';
import { normaliseHost, readUrl } from './read-url.ts';

const RANGES: readonly (readonly [first: string, last: string, reason: string])[] = [
  ['169.254.170.2', '169.254.170.2', 'a cloud metadata service'],
  ['192.0.0.192', '192.0.0.192', 'a cloud metadata service'],
  ['168.63.129.16', '168.63.129.16', 'a cloud platform service'],
  ['0.0.0.0', '0.255.255.255', 'unspecified'],
  ['10.0.0.0', '10.255.255.255', 'private'],
  ['100.64.0.0', '100.127.255.255', 'carrier-grade NAT'],
  ['127.0.0.0', '127.255.255.255', 'loopback'],
  ['169.254.0.0', '169.254.255.255', 'link-local'],
  ['172.16.0.0', '172.31.255.255', 'private'],
  ['192.0.0.0', '192.0.0.255', 'reserved for protocols'],
  ['192.0.2.0', '192.0.2.255', 'documentation'],
  ['192.31.196.0', '192.31.196.255', 'reserved for protocols'],
  ['192.52.193.0', '192.52.193.255', 'reserved for protocols'],
  ['192.88.99.0', '192.88.99.255', 'a 6to4 relay'],
  ['192.168.0.0', '192.168.255.255', 'private'],
  ['192.175.48.0', '192.175.48.255', 'reserved for protocols'],
  ['198.18.0.0', '198.19.255.255', 'benchmarking'],
  ['198.51.100.0', '198.51.100.255', 'documentation'],
  ['203.0.113.0', '203.0.113.255', 'documentation'],
  ['224.0.0.0', '239.255.255.255', 'multicast'],
  ['240.0.0.0', '255.255.255.254', 'reserved'],
  ['255.255.255.255', '255.255.255.255', 'broadcast'],
  ['fd00:ec2::23', 'fd00:ec2::23', 'a cloud metadata service'],
  ['fd20:ce::254', 'fd20:ce::254', 'a cloud metadata service'],
  ['::', '::', 'unspecified'],
  ['::1', '::1', 'loopback'],
  ['::ffff:0:0', '::ffff:ffff:ffff', 'an IPv4 address in IPv6 clothes'],
  ['::ffff:0:0:0', '::ffff:0:ffff:ffff', 'an IPv4 address in IPv6 clothes'],
  ['::2', '::ffff:ffff', 'an IPv4 address in IPv6 clothes'],
  ['64:ff9b::', '64:ff9b::ffff:ffff', 'NAT64, which hides an IPv4 address'],
  ['64:ff9b:1::', '64:ff9b:1:ffff:ffff:ffff:ffff:ffff', 'NAT64, which hides an IPv4 address'],
  ['100::', '100::ffff:ffff:ffff:ffff', 'discard-only'],
  ['2001::', '2001:0:ffff:ffff:ffff:ffff:ffff:ffff', 'Teredo, which hides an IPv4 address'],
  ['2001:1::', '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff', 'reserved for protocols'],
  ['2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', 'documentation'],
  ['2002::', '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '6to4, which hides an IPv4 address'],
  ['2620:4f:8000::', '2620:4f:8000:ffff:ffff:ffff:ffff:ffff', 'reserved for protocols'],
  ['3fff::', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff', 'documentation'],
  ['5f00::', '5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'segment routing'],
  ['fc00::', 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'unique local'],
  ['fe80::', 'febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'link-local'],
  ['fec0::', 'feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'site-local'],
  ['ff00::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'multicast'],
  ['4000::', '5eff::', 'outside global unicast space'],
  ['2607:f8b0::5efe:102:304', '2607:f8b0::200:5efe:102:304', 'ISATAP, which hides an IPv4 address'],
  ['localhost', '1.2.3', 'not a plain IP address'],
];
for (const [first, last, reason] of RANGES) {
  test(`from ${first} to ${last}: ${reason}`, () => {
    for (const ip of new Set([first, last])) assert.deepEqual(judgeAddress(ip), { public: false, reason }, ip);
  });
}

test('an interface id that only resembles ISATAP is public', () => {
  for (const id of ['100:5efe', '1:5efe', '5eff', '5ffe', '200:5eff', '300:5efe', '201:5efe']) {
    assert.equal(judgeAddress(`2607:f8b0::${id}:102:304`).public, true, id);
  }
});

const URLS: readonly (readonly [string, RegExp])[] = [
  ['https://a b.example', /control characters or spaces/],
  ['https://a.example/\u007f', /control characters or spaces/],
  ['https://a.example/\u00a0', /control characters or spaces/],
  ['https://a.example/\u0085', /control characters or spaces/],
  ['https:\\\\a.example', /backslash/],
  ['https://a.example/x\\y', /backslash/],
  ['https://a.example/#x', /fragment/],
  ['ftp://a.example', /does not begin with/],
  ['xhttps://a.example', /does not begin with/],
  ['https:///a.example', /does not begin with/],
  ['https://[', /cannot be read/],
  ['https://u@a.example', /user name or password/],
  ['https://:p@a.example', /user name or password/],
  ['https://u:p@a.example', /user name or password/],
  ['https://@a.example', /user name or password/],
  ['https://:@a.example/x', /user name or password/],
  ['https://./x', /no host/],
  ['https://a.example/%2fx', /hides a slash or a dot/],
];
for (const [url, reason] of URLS) {
  test(`${JSON.stringify(url)} is refused: ${reason.source}`, () => {
    const read = readUrl(url);
    assert.match(read.ok ? '' : read.error, reason);
    const needed = neededEntry(url);
    const judged = judgeUrl(url, [], 0);
    for (const refused of [needed, judged]) {
      assert.ok(!refused.ok);
      assert.deepEqual([refused.error.code, refused.error.needs], ['egress-denied', null]);
      assert.match(refused.error.reason, reason);
    }
  });
}

test('ports are those of the scheme unless one is named', () => {
  const portOf = (url: string) => {
    const read = readUrl(url);
    return read.ok ? read.value.port : null;
  };
  assert.deepEqual(
    ['http://a.example', 'https://a.example', 'http://a.example:443', 'https://a.example:80'].map(portOf),
    [80, 443, 443, 80],
  );
});

test('a host loses one trailing dot and the brackets of IPv6, and nothing else', () => {
  assert.deepEqual(['A.Example.', '[::1]', '[::1', '::1]', 'a..'].map(normaliseHost), [
    'a.example',
    '::1',
    '[::1',
    '::1]',
    'a.',
  ]);
});

const entry = (more: Partial<EgressEntry>): EgressEntry => ({
  scheme: 'https',
  host: 'a.example',
  port: 443,
  pathPrefix: '/',
  ...more,
});

test('a scheme is compared as it is', () => {
  assert.equal(judgeUrl('http://a.example:443/', [entry({})], 0).ok, false);
});

test('a wildcard stands for one label of its own domain, and is never a part of an address', () => {
  const allows = (host: string, url: string) => judgeUrl(url, [entry({ host })], 0).ok;
  assert.equal(allows('*.a.example', 'https://x.a.example/'), true);
  assert.equal(allows('*.a.example', 'https://x.b.example/'), false);
  assert.equal(allows('*.a.example', 'https://.a.example/'), false);
  assert.equal(allows('*.v2.example', 'https://x.v2.example/'), true);
  assert.equal(allows('*.a.2x', 'https://x.a.2x/'), true);
  assert.equal(allows('*.0.0.10', 'https://127.0.0.10/'), false);
  assert.equal(allows('*.0.0.1', 'https://127.0.0.1/'), false);
});

test('of a wildcard and an exact entry the exact one answers, whatever the length of their paths', () => {
  const exact = entry({ host: 'x.a.example', cidr: '10.0.0.0/8' });
  const wild = entry({ host: '*.a.example', pathPrefix: '/mcp/deep' });
  for (const entries of [
    [exact, wild],
    [wild, exact],
  ]) {
    const judged = judgeUrl('https://x.a.example/mcp/deep', entries, 0);
    assert.equal(judged.ok && judged.value.entry, exact);
  }
});

const RESOLVED: readonly (readonly [readonly string[], string | null | undefined, RegExp])[] = [
  [[], null, /resolves to no address/],
  [['169.254.169.254'], '169.254.0.0/16', /cloud metadata service/],
  [['10.0.0.1'], null, /not public: private/],
  [['10.0.0.1'], undefined, /not public: private/],
  [['11.0.0.1'], '10.0.0.0/8', /outside the entry's range/],
];
for (const [addresses, cidr, reason] of RESOLVED) {
  test(`resolving to ${addresses.join() || 'nothing'} with ${cidr} is refused: ${reason.source}`, () => {
    const judged = judgeResolved(addresses, { cidr });
    assert.ok(!judged.ok);
    assert.deepEqual([judged.error.code, judged.error.needs], ['egress-denied', null]);
    assert.match(judged.error.reason, reason);
  });
}
