// Scenarios N01 to N04: no spelling, no tunnel, no metadata service and no look-alike leads inside.
import assert from 'node:assert/strict';
import { BlockList } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type DnsServer, startDnsServer } from '#tests/fakes/dns-server.ts';
import { startTripwire, type Tripwire } from '#tests/fakes/tripwire.ts';
import { entryFor, guarded, unguarded } from '#tests/fixtures/egress.ts';

let wire: Tripwire;
let dns: DnsServer;
before(async () => {
  wire = await startTripwire();
  dns = await startDnsServer();
});
after(async () => {
  await wire.close();
  await dns.close();
});
beforeEach(() => wire.reset());

/** Every entry that an attacker could have talked somebody into, without a private range. */
const named = (host: string) => [entryFor(wire.port, { host }), entryFor(wire.port, { host: '127.0.0.1' })];

describe('N01 an IPv4 address in disguise', () => {
  const SPELLINGS = [
    '127.0.0.1',
    '2130706433',
    '017700000001',
    '0x7f000001',
    '0x7f.1',
    '127.1',
    '0177.0.0.1',
    '127.0.0x0.0x1',
    '①②⑦.⓪.⓪.①',
    '１２７.０.０.１',
    '127。0。0。1',
    '%31%32%37.0.0.1',
    '127.0.0.1.',
  ];
  for (const spelling of SPELLINGS) {
    it(`${spelling} is refused, and reaches the listener without the guard`, async () => {
      const url = `http://${spelling}:${wire.port}/`;
      const tried = await guarded(url, named(spelling));
      assert.match(tried.denied ?? '', /not public: loopback|not on the allowlist/);
      assert.equal(wire.connections(), 0);
      assert.equal(await unguarded(url), 'inside');
      assert.equal(wire.connections(), 1);
    });
  }
});

describe('N02 an address inside another', () => {
  const ADDRESSES = [
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::7f00:1',
    '::127.0.0.1',
    '::ffff:0:127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::7f00:1',
    '2002:7f00:1::1',
    '2001:0:7f00:1::8080:fefe',
    '2607:f8b0::5efe:7f00:1',
    'fec0::1',
    '::1',
  ];
  for (const address of ADDRESSES) {
    it(`${address} is refused as a literal and as a DNS answer, also to an entry with a range around it`, async () => {
      dns.says('upstream.example', [address]);
      const wide = [null, ...(address === '::1' ? [] : ['::/32']), '64:ff9b::/32', '2000::/32', 'fec0::/32'].flatMap(
        (cidr) => [entryFor(wire.port, { cidr }), entryFor(wire.port, { host: address, cidr })],
      );
      const range = `${address}/128`;
      const exact =
        address === '::1'
          ? []
          : [entryFor(wire.port, { cidr: range }), entryFor(wire.port, { host: address, cidr: range })];
      for (const entry of [...wide, ...exact]) {
        for (const url of [`http://upstream.example:${wire.port}/`, `http://[${address}]:${wire.port}/`]) {
          const tried = await guarded(url, [entry], { lookup: dns.lookup });
          assert.notEqual(tried.denied, null, `${url} through ${entry.host} ${entry.cidr}`);
        }
      }
      assert.equal(wire.connections(), 0);
    });
  }

  it('without the guard a mapped address reaches the listener, and a list of IPv4 ranges alone sees none of them', async () => {
    assert.equal(await unguarded(`http://[::ffff:127.0.0.1]:${wire.port}/`), 'inside');
    const naive = new BlockList();
    naive.addSubnet('127.0.0.0', 8, 'ipv4');
    const unseen = ADDRESSES.filter((address) => !naive.check(address, 'ipv6'));
    assert.ok(unseen.length >= 8, unseen.join());
  });
});

describe('N03 a metadata service', () => {
  const SERVICES = [
    '169.254.169.254',
    '169.254.170.2',
    '168.63.129.16',
    '100.100.100.200',
    'fd00:ec2::254',
    '::ffff:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
  ];
  for (const address of SERVICES) {
    it(`${address} stays closed to an entry with a range around it`, async () => {
      dns.says('upstream.example', [address]);
      const cidr = address.includes(':') ? '::/0' : '0.0.0.0/0';
      const tried = await guarded(`http://upstream.example:${wire.port}/`, [entryFor(wire.port, { cidr })], dns);
      assert.match(tried.denied ?? '', /metadata service|platform service|no range opens/);
    });
  }

  it('is refused by name, whatever the name resolves to; any other name of that range is reached', async () => {
    for (const host of ['metadata.google.internal', 'metadata']) {
      dns.says(host, ['127.0.0.1']);
      const listed = [entryFor(wire.port, { host, cidr: '127.0.0.1/32' })];
      for (const spelled of [host, `${host}.`, host.toUpperCase()]) {
        const tried = await guarded(`http://${spelled}:${wire.port}/`, listed, dns);
        assert.equal(tried.denied, 'The host is a cloud metadata service.');
      }
    }
    assert.equal(wire.connections(), 0);
    dns.says('upstream.example', ['127.0.0.1']);
    const twin = [entryFor(wire.port, { cidr: '127.0.0.1/32' })];
    assert.equal((await guarded(`http://upstream.example:${wire.port}/`, twin, dns)).text, 'inside');
  });
});

describe('N04 a URL that only looks like an allowed one', () => {
  it('is refused, and reaches the listener without the guard where a client understands it', async () => {
    const inside = `127.0.0.1:${wire.port}`;
    for (const host of [
      'upstream.example.evil.example',
      'upstreаm.example',
      'upstream.example.',
      'xn--upstrem-6fg.example',
    ]) {
      dns.says(host, ['127.0.0.1']);
    }
    dns.says('upstream.example', ['127.0.0.1']);
    const listed = [
      entryFor(wire.port, { pathPrefix: '/mcp', cidr: '127.0.0.1/32' }),
      entryFor(80, { pathPrefix: '/mcp' }),
    ];
    const URLS: readonly (readonly [string, string, boolean])[] = [
      ['userinfo', `http://upstream.example@${inside}/mcp`, true],
      ['userinfo with a password', `http://upstream.example:80@${inside}/mcp`, true],
      ['an encoded fragment in the userinfo', `http://upstream.example%23@${inside}/mcp`, true],
      ['a fragment', `http://${inside}#@upstream.example/mcp`, true],
      ['a backslash', `http://${inside}\\@upstream.example/mcp`, true],
      ['an ending that goes on', `http://upstream.example.evil.example:${wire.port}/mcp`, true],
      ['a Cyrillic letter', `http://upstreаm.example:${wire.port}/mcp`, false],
      ['another port', 'http://upstream.example:81/mcp', false],
      ['a path next door', `http://upstream.example:${wire.port}/mcp-admin`, false],
      ['dots', `http://upstream.example:${wire.port}/mcp/../admin`, false],
      ['encoded dots', `http://upstream.example:${wire.port}/mcp/%2e%2e/admin`, false],
      ['encoded dots that would stay inside', `http://upstream.example:${wire.port}/mcp/x/%2e%2e/y`, true],
      ['dots encoded twice', `http://upstream.example:${wire.port}/mcp/%252e%252e/admin`, true],
      ['a slash that is encoded', `http://upstream.example:${wire.port}/mcp/..%2fadmin`, true],
      ['a backslash that is encoded', `http://upstream.example:${wire.port}/mcp/..%5cadmin`, true],
      ['an empty segment', `http://upstream.example:${wire.port}/mcp//admin`, true],
      ['dots before a semicolon', `http://upstream.example:${wire.port}/mcp/..;/admin`, true],
      ['a control character', `http://upstream.example:${wire.port}/mcp/%0d%0ax`, true],
    ];
    for (const [name, url, reaches] of URLS) {
      wire.reset();
      assert.notEqual((await guarded(url, listed, dns)).denied, null, name);
      assert.equal(wire.connections(), 0, name);
      if (!reaches) continue;
      assert.equal(await unguarded(url, dns), 'inside', name);
      assert.equal(wire.connections(), 1, name);
    }
  });

  it('a trailing dot is the same host, so it is held to the same entry', async () => {
    dns.says('upstream.example', ['127.0.0.1']);
    const url = `http://upstream.example.:${wire.port}/mcp`;
    assert.notEqual((await guarded(url, [entryFor(wire.port)], dns)).denied, null);
    assert.equal((await guarded(url, [entryFor(wire.port, { cidr: '127.0.0.1/32' })], dns)).text, 'inside');
  });
});
