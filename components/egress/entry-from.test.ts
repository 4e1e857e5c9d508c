import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { entryFrom } from './entry-from.ts';

describe('an address typed as an allowlist entry', () => {
  it('names scheme, host, port and path', () => {
    assert.deepEqual(entryFrom('https://Tickets.example.com/mcp'), {
      scheme: 'https',
      host: 'tickets.example.com',
      port: 443,
      path: '/mcp',
    });
    assert.deepEqual(entryFrom('http://127.0.0.1:8080')?.port, 8080);
  });
  it('keeps the star of one name below a host, in every browser', () => {
    assert.deepEqual(entryFrom('https://*.Example.com/docs'), {
      scheme: 'https',
      host: '*.example.com',
      port: 443,
      path: '/docs',
    });
    assert.equal(entryFrom('https://*.user:pw@example.com/'), null);
  });
  it('is refused with credentials, with another scheme, or when it is no address', () => {
    for (const address of [
      'https://user:pw@example.com/',
      'ftp://example.com/',
      'javascript:alert(1)',
      'example.com',
    ]) {
      assert.equal(entryFrom(address), null, address);
    }
  });
});
