import assert from 'node:assert/strict';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { clientAddress, trustedProxies } from './client-address.ts';

function request(peer: string, forwarded?: string): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: peer });
  const message = new IncomingMessage(socket);
  if (forwarded !== undefined) message.headers['x-forwarded-for'] = forwarded;
  return message;
}

const trusted = trustedProxies(['10.0.0.0/8', '2001:db8::1']);

const cases: readonly (readonly [string, string, string | undefined, string])[] = [
  ['a direct client is its peer', '203.0.113.7', undefined, '203.0.113.7'],
  ['a direct client cannot name another', '203.0.113.7', '198.51.100.1', '203.0.113.7'],
  ['a trusted proxy names the client', '10.0.0.2', '198.51.100.1', '198.51.100.1'],
  [
    'what the client wrote before the proxy does not count',
    '10.0.0.2',
    '6.6.6.6, 198.51.100.1, 10.0.0.3',
    '198.51.100.1',
  ],
  ['a chain of proxies without a client is the peer', '10.0.0.2', '10.0.0.3', '10.0.0.2'],
  [
    'what is no address hides who came, and gives no word to what was there before',
    '10.0.0.2',
    '6.6.6.6, unknown',
    '10.0.0.2',
  ],
  [
    'a proxy that writes the port beside the address is understood',
    '10.0.0.2',
    '6.6.6.6, 198.51.100.1:4711',
    '198.51.100.1',
  ],
  ['also with an IPv6 address in brackets', '10.0.0.2', '6.6.6.6, [2001:db8::7]:4711', '2001:db8::7'],
  ['an empty header is none', '10.0.0.2', '', '10.0.0.2'],
  ['an IPv6 proxy is trusted too', '2001:db8::1', '198.51.100.1', '198.51.100.1'],
  ['an IPv4 address inside IPv6 is read as IPv4', '::ffff:10.0.0.2', '198.51.100.1', '198.51.100.1'],
];

for (const [title, peer, forwarded, expected] of cases) {
  test(title, () => {
    assert.equal(clientAddress(request(peer, forwarded), trusted), expected);
  });
}
