import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeResolved, judgeUrl } from './judge-url.ts';

const NAMES = [
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
  'instance-data.ec2.internal',
  'metadata.azure.internal',
  'metadata.tencentyun.com',
  'metadata.platformequinix.com',
  'api.metadata.cloud.ibm.com',
];
const V4 = ['169.254.169.254', '169.254.170.2', '169.254.170.23', '100.100.100.200', '192.0.0.192'];
const V6 = ['fd00:ec2::254', 'fd00:ec2::23', 'fd20:ce::254', 'fd00:42::42', 'fe80::a9fe:a9fe'];

for (const host of NAMES) {
  test(`${host} is refused by name, even when somebody listed it, and no entry is offered for it`, () => {
    const verdict = judgeUrl(`http://${host}/latest`, [{ scheme: 'http', host, port: 80, pathPrefix: '/' }], 0);
    assert.deepEqual(verdict, {
      ok: false,
      error: { code: 'egress-denied', reason: 'The host is a cloud metadata service.', needs: null },
    });
  });
}

for (const [addresses, cidr] of [
  [V4, '0.0.0.0/0'],
  [V6, '::/0'],
] as const) {
  for (const address of addresses) {
    test(`${address} is refused as a metadata service, with a range that holds it and without one`, () => {
      for (const entry of [{}, { cidr: null }, { cidr }]) {
        const verdict = judgeResolved([address], entry);
        assert.equal(verdict.ok || verdict.error.reason, 'The host resolves to a cloud metadata service.');
      }
    });
  }
}

test('an address that no range opens is refused with the name of what it is', () => {
  const verdict = judgeResolved(['127.0.0.1', '169.254.1.1'], { cidr: '0.0.0.0/0' });
  assert.equal(verdict.ok || verdict.error.reason, 'The host resolves to an address that no range opens: link-local.');
});
