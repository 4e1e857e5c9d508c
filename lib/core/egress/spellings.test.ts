// Property: however an address of this machine is spelled, no URL with it and no answer of a resolver gets through.
import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { isHopelessCidr, isOpenable, judgeAddress } from './judge-address.ts';
import { type EgressEntry, judgeResolved, judgeUrl } from './judge-url.ts';
import { normaliseHost } from './read-url.ts';

const PORT = 8080;
const octet = fc.nat(255);
const loopback = fc.tuple(fc.constant(127), octet, octet, octet);
const closed = fc.oneof(
  loopback,
  fc.tuple(fc.constant(10), octet, octet, octet),
  fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
  fc.tuple(fc.constant(169), fc.constant(254), octet, octet),
  fc.tuple(fc.constant(0), octet, octet, octet),
);
type Octets = readonly [number, number, number, number];

const numeral = fc.constantFrom<(value: number) => string>(
  (value) => String(value),
  (value) => `0x${value.toString(16)}`,
  (value) => `0X${value.toString(16).toUpperCase()}`,
  (value) => `0${value.toString(8)}`,
  (value) => `000${value.toString(8)}`,
);
const dot = fc.constantFrom('.', '。', '．', '｡', '%2e', '%2E');
const digits = fc.constantFrom<(text: string) => string>(
  (text) => text,
  (text) => text.replaceAll(/[0-9]/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
  (text) => text.replaceAll(/[1-9]/g, (digit) => String.fromCodePoint(0x245f + Number(digit))),
  (text) => text.replaceAll(/[0-9]/g, (digit) => `%3${digit}`),
);

/** The last part of an address takes all octets that are left (inet_aton): 127.1, 127.0.1, 2130706433. */
function parts(octets: Octets, count: number): number[] {
  const head = octets.slice(0, count - 1);
  const rest = octets.slice(count - 1).reduce((sum, one) => sum * 256 + one, 0);
  return [...head, rest];
}

const spelled = fc
  .tuple(
    closed,
    fc.integer({ min: 1, max: 4 }),
    fc.array(numeral, { minLength: 4, maxLength: 4 }),
    dot,
    digits,
    fc.boolean(),
  )
  .map(([octets, count, numerals, separator, script, dotted]) => {
    const text = parts(octets, count).map((value, index) => (numerals[index] ?? String)(value));
    return script(text.join(separator)) + (dotted ? '.' : '');
  });

const hex = (value: number) => value.toString(16);
const inIpv6 = closed.chain(([a, b, c, d]) => {
  const high = hex(a * 256 + b);
  const low = hex(c * 256 + d);
  return fc.constantFrom(
    `::ffff:${a}.${b}.${c}.${d}`,
    `::ffff:${high}:${low}`,
    `0:0:0:0:0:ffff:${high}:${low}`,
    `::FFFF:${high}:${low}`,
    `::${a}.${b}.${c}.${d}`,
    `::${high}:${low}`,
    `::ffff:0:${high}:${low}`,
    `64:ff9b::${high}:${low}`,
    `64:ff9b:1::${high}:${low}`,
    `2002:${high}:${low}::1`,
    `2001:0:${high}:${low}::1`,
    `2001:0:1::${hex(65535 - (a * 256 + b))}:${hex(65535 - (c * 256 + d))}`,
    `2607:f8b0::5efe:${high}:${low}`,
    `2607:f8b0::200:5efe:${high}:${low}`,
    `fe80::5efe:${high}:${low}`,
  );
});

/** The entry that an attacker would have: exactly for the host that the URL turns out to name, without a range. */
function entriesOf(url: string): EgressEntry[] {
  const host = normaliseHost(URL.parse(url)?.hostname ?? 'nothing.example');
  return [{ scheme: 'http', host, port: PORT, pathPrefix: '/' }];
}

/** What the connector does with a host, for a resolver that understands every spelling as the operating system does. */
function getsThrough(url: string): boolean {
  const judged = judgeUrl(url, entriesOf(url), 0);
  if (!judged.ok) return false;
  const { host, entry } = judged.value;
  // What the URL standard leaves as a name is no number, so a resolver can only answer with an address, judged below.
  return isIP(host) !== 0 && judgeResolved([host], entry).ok;
}

test('no spelling of a closed IPv4 address gets through', () => {
  let read = 0;
  fc.assert(
    fc.property(spelled, (host) => {
      const url = `http://${host}:${PORT}/`;
      if (isIP(URL.parse(url)?.hostname ?? '') !== 0) read++;
      assert.equal(getsThrough(url), false, url);
      // As a resolver's answer, too: what is not a plain address is refused, what is one is judged.
      assert.equal(judgeResolved([host], {}).ok, false, host);
    }),
    { numRuns: 2_000 },
  );
  assert.ok(read > 500, `only ${read} spellings were addresses to a URL reader: the property would show little`);
});

test('no IPv6 address that carries a closed IPv4 one gets through, and no range opens it', () => {
  fc.assert(
    fc.property(inIpv6, (address) => {
      assert.equal(getsThrough(`http://[${address}]:${PORT}/`), false, address);
      assert.equal(judgeAddress(address).public, false, address);
      for (const cidr of ['::/0', `${address}/128`]) {
        const isThisMachine = /^(?:::0:1|::0\.0\.0\.1)$/.test(address);
        assert.equal(judgeResolved([address], { cidr }).ok, isThisMachine, `${address} in ${cidr}`);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('a public address is let through in every spelling that is one, so the properties above mean something', () => {
  for (const host of ['8.8.8.8', '134744072', '0x8.8.8.8', '010.8.8.8', '８.８.８.８']) {
    assert.equal(getsThrough(`http://${host}:${PORT}/`), true, host);
  }
  assert.equal(getsThrough(`http://[2607:f8b0::1]:${PORT}/`), true);
});

test('a range opens private networks and nothing else; behind NAT64 the address inside decides', () => {
  for (const ip of [
    '10.0.0.1',
    '127.0.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '::1',
    'fd12::1',
    '8.8.8.8',
    '64:ff9b::808:808',
  ]) {
    assert.equal(isOpenable(ip), true, ip);
  }
  for (const ip of [
    '0.0.0.0',
    '169.254.1.1',
    '224.0.0.1',
    '255.255.255.255',
    '240.0.0.1',
    '::',
    'fe80::1',
    'fec0::1',
    'ff02::1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::808:808',
    '2002:808:808::1',
    'fd00:ec2::254',
    'nonsense',
  ]) {
    assert.equal(isOpenable(ip), false, ip);
  }
});

test('a range that nothing can open is told from one that holds something', () => {
  for (const cidr of [
    '169.254.0.0/16',
    '169.254.169.254/32',
    '0.0.0.0/8',
    '::ffff:0:0/96',
    'fe80::/10',
    'ff00::/8',
    'x/8',
  ]) {
    assert.equal(isHopelessCidr(cidr), true, cidr);
  }
  for (const cidr of ['10.0.0.0/8', '127.0.0.1/32', 'fd00::/8', '64:ff9b::/96', '160.0.0.0/8', '::1/128']) {
    assert.equal(isHopelessCidr(cidr), false, cidr);
  }
});
