import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isInsideCidr, isMetadataAddress, judgeAddress } from './judge-address.ts';
import { type EgressEntry, judgeResolved, judgeUrl, neededEntry } from './judge-url.ts';

const CLOSED: readonly (readonly [string, string])[] = [
  ['unspecified', '0.0.0.0'],
  ['in network zero', '0.1.2.3'],
  ['private, 10', '10.0.0.1'],
  ['private, 172.16', '172.16.0.1'],
  ['private, end of 172.16/12', '172.31.255.255'],
  ['private, 192.168', '192.168.1.1'],
  ['loopback', '127.0.0.1'],
  ['loopback, not .1', '127.255.0.9'],
  ['link-local', '169.254.1.1'],
  ['metadata', '169.254.169.254'],
  ['metadata of containers', '169.254.170.2'],
  ['a cloud platform service', '168.63.129.16'],
  ['metadata behind carrier-grade NAT', '100.100.100.200'],
  ['carrier-grade NAT', '100.64.0.1'],
  ['reserved for protocols', '192.0.0.8'],
  ['documentation', '192.0.2.1'],
  ['documentation 2', '198.51.100.1'],
  ['documentation 3', '203.0.113.1'],
  ['a 6to4 relay', '192.88.99.1'],
  ['benchmarking', '198.19.0.1'],
  ['multicast', '224.0.0.1'],
  ['reserved', '240.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['IPv6 unspecified', '::'],
  ['IPv6 loopback', '::1'],
  ['v4-mapped loopback', '::ffff:127.0.0.1'],
  ['v4-mapped public', '::ffff:8.8.8.8'],
  ['v4-translated', '::ffff:0:127.0.0.1'],
  ['v4-compatible loopback in hex', '::7f00:1'],
  ['v4-compatible loopback', '::127.0.0.1'],
  ['NAT64 to loopback', '64:ff9b::7f00:1'],
  ['local NAT64', '64:ff9b:1::a00:1'],
  ['6to4 of a private address', '2002:a00:1::1'],
  ['Teredo', '2001:0:53aa:64c::1'],
  ['ORCHID', '2001:20::1'],
  ['ISATAP under a public prefix', '2607:f8b0::5efe:7f00:1'],
  ['ISATAP with the universal bit', '2607:f8b0::200:5efe:a00:1'],
  ['IPv6 documentation', '2001:db8::1'],
  ['IPv6 documentation 2', '3fff::1'],
  ['unique local', 'fc00::1'],
  ['unique local metadata', 'fd00:ec2::254'],
  ['IPv6 link-local', 'fe80::1'],
  ['site-local', 'fec0::1'],
  ['IPv6 multicast', 'ff02::1'],
  ['discard-only', '100::1'],
  ['segment routing', '5f00::1'],
  ['outside global unicast', '4000::1'],
  ['with a zone id', 'fe80::1%eth0'],
  ['public with a zone id', '2607:f8b0::1%eth0'],
  ['decimal', '2130706433'],
  ['octal', '0177.0.0.1'],
  ['hexadecimal', '0x7f.0.0.1'],
  ['short', '127.1'],
  ['in brackets', '[::1]'],
  ['with a space', ' 8.8.8.8'],
  ['a name', 'localhost'],
  ['empty', ''],
];
for (const [name, ip] of CLOSED) {
  test(`an address that is ${name} (${ip}) is not public`, () => assert.equal(judgeAddress(ip).public, false));
}

for (const ip of [
  '8.8.8.8',
  '1.1.1.1',
  '172.15.255.255',
  '172.32.0.1',
  '100.63.255.255',
  '100.128.0.1',
  '168.63.129.17',
  '2607:f8b0:4004:800::200e',
  '2a00:1450::1',
  '2001:4860:4860::8888',
]) {
  test(`${ip} is public`, () => assert.deepStrictEqual(judgeAddress(ip), { public: true, reason: 'public' }));
}

test('no IPv4 address becomes public by being written inside an IPv6 one', () => {
  const octet = fc.nat(255);
  fc.assert(
    fc.property(octet, octet, octet, octet, (a, b, c, d) => {
      const v4 = `${a}.${b}.${c}.${d}`;
      for (const head of ['::ffff:', '::', '64:ff9b::', '::ffff:0:'])
        assert.equal(judgeAddress(head + v4).public, false, head + v4);
    }),
  );
});

test('ranges are compared within their family only, and what cannot be read is outside', () => {
  assert.equal(isInsideCidr('127.0.0.1', '127.0.0.0/8'), true);
  assert.equal(isInsideCidr('128.0.0.1', '127.0.0.0/8'), false);
  assert.equal(isInsideCidr('fd12::1', 'fd12::/16'), true);
  for (const [ip, cidr] of [
    ['::ffff:127.0.0.1', '127.0.0.0/8'],
    ['127.0.0.1', '::/0'],
    ['127.0.0.1', 'x'],
    ['127.0.0.1', '127.0.0.1'],
    ['x', '0.0.0.0/0'],
  ] as const) {
    assert.equal(isInsideCidr(ip, cidr), false, `${ip} in ${cidr}`);
  }
});

test('metadata services are told from other closed addresses', () => {
  for (const ip of ['169.254.169.254', 'fd00:ec2::254', '168.63.129.16', '100.100.100.200'])
    assert.equal(isMetadataAddress(ip), true, ip);
  for (const ip of ['127.0.0.1', '169.254.1.1', '8.8.8.8', 'x']) assert.equal(isMetadataAddress(ip), false, ip);
});

const NOW = 1_000;
const entry = (more: Partial<EgressEntry> = {}): EgressEntry => ({
  scheme: 'https',
  host: 'tickets.example.com',
  port: 443,
  pathPrefix: '/mcp',
  ...more,
});

const URLS: readonly (readonly [string, EgressEntry, boolean])[] = [
  ['https://tickets.example.com/mcp', entry(), true],
  ['https://tickets.example.com/mcp/', entry(), true],
  ['https://tickets.example.com/mcp/x?y=1', entry(), true],
  ['https://tickets.example.com:443/mcp', entry(), true],
  ['https://TICKETS.example.com/mcp', entry(), true],
  ['https://tickets.example.com./mcp', entry(), true],
  ['https://tickets.example.com/mcp', entry({ host: 'Tickets.Example.com.' }), true],
  ['https://tickets.example.com/a/../mcp', entry(), true],
  ['https://tickets.example.com/anything', entry({ pathPrefix: '/' }), true],
  ['https://tickets.example.com', entry({ pathPrefix: '/' }), true],
  ['https://tickets.example.com/mcp/x', entry({ pathPrefix: '/mcp/' }), true],
  ['https://tickets.example.com/mcp-admin', entry(), false],
  ['https://tickets.example.com/', entry(), false],
  ['https://tickets.example.com/mcp/../admin', entry(), false],
  ['https://tickets.example.com/mcp/%2e%2e/admin', entry(), false],
  ['https://tickets.example.com/mcp/.%2E/admin', entry(), false],
  ['https://tickets.example.com/mcp/%2fadmin', entry(), false],
  ['https://tickets.example.com/mcp/..%5cadmin', entry(), false],
  ['https://tickets.example.com/mcp/%252e%252e/admin', entry(), false],
  ['http://tickets.example.com/mcp', entry(), false],
  ['https://tickets.example.com:8443/mcp', entry(), false],
  ['https://evil.com/mcp', entry(), false],
  ['https://tickets.example.com.evil.com/mcp', entry(), false],
  ['https://tickets.example.com@evil.com/mcp', entry(), false],
  ['https://user:pw@tickets.example.com/mcp', entry(), false],
  ['https://@tickets.example.com/mcp', entry(), false],
  ['https://evil.com#@tickets.example.com/mcp', entry(), false],
  ['https://tickets.example.com/mcp#x', entry(), false],
  ['https://evil.com\\@tickets.example.com/mcp', entry(), false],
  ['https:\\\\tickets.example.com/mcp', entry(), false],
  ['https://tickets.example.com/mcp\n', entry(), false],
  ['https://tickets.exa\tmple.com/mcp', entry(), false],
  [' https://tickets.example.com/mcp', entry(), false],
  ['https:tickets.example.com/mcp', entry(), false],
  ['https:///tickets.example.com/mcp', entry(), false],
  ['//tickets.example.com/mcp', entry(), false],
  ['ftp://tickets.example.com/mcp', entry(), false],
  ['file:///etc/passwd', entry(), false],
  ['javascript:alert(1)', entry(), false],
  ['https://tickets.example.com:99999/mcp', entry(), false],
  ['https://./mcp', entry(), false],
  ['', entry(), false],
  ['https://a.example.com/mcp', entry({ host: '*.example.com' }), true],
  ['https://a.b.example.com/mcp', entry({ host: '*.example.com' }), false],
  ['https://example.com/mcp', entry({ host: '*.example.com' }), false],
  ['https://aexample.com/mcp', entry({ host: '*.example.com' }), false],
  ['https://evil.com/mcp', entry({ host: '*.com' }), false],
  ['https://evil.com/mcp', entry({ host: '*' }), false],
  ['https://a.b.example.com/mcp', entry({ host: '*.*.example.com' }), false],
  ['https://tickets.example.com/mcp', entry({ pathPrefix: '' }), false],
  ['https://tickets.example.com/mcp', entry({ pathPrefix: 'mcp' }), false],
  ['http://127.0.0.1:8080/mcp', entry({ scheme: 'http', host: '127.0.0.1', port: 8080 }), true],
  ['http://2130706433:8080/mcp', entry({ scheme: 'http', host: '127.0.0.1', port: 8080 }), true],
  ['http://[::1]:8080/mcp', entry({ scheme: 'http', host: '::1', port: 8080 }), true],
  ['http://[::1]:8080/mcp', entry({ scheme: 'http', host: '[::1]', port: 8080 }), true],
  ['http://127.0.0.1/mcp', entry({ scheme: 'http', host: '*.0.0.1', port: 80 }), false],
];
for (const [url, allowed, expected] of URLS) {
  const shown = JSON.stringify(url);
  test(`${shown} is ${expected ? 'let through' : 'refused'} by ${allowed.scheme} ${allowed.host} ${allowed.pathPrefix}`, () => {
    assert.equal(judgeUrl(url, [allowed], NOW).ok, expected);
  });
}

test('an empty allowlist lets nothing through and says what is needed', () => {
  assert.deepStrictEqual(judgeUrl('https://Tickets.example.com/mcp?x', [], NOW), {
    ok: false,
    error: {
      code: 'egress-denied',
      reason: 'The destination is not on the allowlist.',
      needs: { scheme: 'https', host: 'tickets.example.com', port: 443, path: '/mcp' },
    },
  });
});

test('an entry is over at the very moment it expires, and without an end it never is', () => {
  const url = 'https://tickets.example.com/mcp';
  assert.equal(judgeUrl(url, [entry({ expiresAt: NOW + 1 })], NOW).ok, true);
  for (const expiresAt of [NOW, NOW - 1, Number.NaN]) {
    const verdict = judgeUrl(url, [entry({ expiresAt })], NOW);
    assert.equal(verdict.ok ? '' : verdict.error.reason, 'The allowlist entry has expired.');
  }
  assert.equal(judgeUrl(url, [entry({ expiresAt: null })], NOW).ok, true);
});

test('of several entries the most specific answers, so a broad one does not widen a range', () => {
  const broad = entry({ host: '*.example.com', pathPrefix: '/mcp/deep', cidr: null });
  const exact = entry({ pathPrefix: '/', cidr: '10.0.0.0/8' });
  const deep = entry({ pathPrefix: '/mcp', cidr: '10.1.0.0/16' });
  const verdict = judgeUrl('https://tickets.example.com/mcp/deep', [broad, exact, deep], NOW);
  assert.equal(verdict.ok && verdict.value.entry, deep);
});

test('the entry a URL needs is named, and none is for a URL that nothing could open', () => {
  assert.deepStrictEqual(neededEntry('http://127.0.0.1:9/x'), {
    ok: true,
    value: { scheme: 'http', host: '127.0.0.1', port: 9, path: '/x' },
  });
  const refused = neededEntry('https://u@h.example/');
  assert.equal(refused.ok ? undefined : refused.error.needs, null);
});

const RESOLVED: readonly (readonly [string, readonly string[], string | null, boolean])[] = [
  ['public addresses without a range', ['8.8.8.8', '2a00:1450::1'], null, true],
  ['one private among public ones', ['8.8.8.8', '10.0.0.1'], null, false],
  ['no address', [], null, false],
  ['no address with a range', [], '10.0.0.0/8', false],
  ['loopback inside its range', ['127.0.0.1'], '127.0.0.1/32', true],
  ['one address outside the range', ['10.0.0.1', '10.1.0.1'], '10.0.0.0/16', false],
  ['a public address outside the range', ['8.8.8.8'], '10.0.0.0/8', false],
  ['the other family', ['::1'], '127.0.0.1/32', false],
  ['a broken range', ['127.0.0.1'], 'nonsense', false],
  ['an empty range', ['8.8.8.8'], '', false],
  ['metadata inside a range', ['169.254.169.254'], '169.254.0.0/16', false],
  ['metadata inside the widest range', ['169.254.169.254'], '0.0.0.0/0', false],
];
for (const [name, addresses, cidr, expected] of RESOLVED) {
  test(`${name}: ${expected ? 'all are used' : 'none is used'}`, () => {
    const verdict = judgeResolved(addresses, { cidr });
    assert.equal(verdict.ok, expected);
    if (verdict.ok) assert.deepStrictEqual(verdict.value, addresses);
  });
}
