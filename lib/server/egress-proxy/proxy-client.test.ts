import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stdioServer } from '#tests/fixtures/local-runner.ts';
import type { SnapshotServer } from '../snapshot/snapshot.ts';
import { identifyProxyClient } from './proxy-client.ts';
import { type ProxyServerIdentity, serverProxyCredential } from './proxy-credential.ts';

const keys = { masterKey: Buffer.alloc(32, 7) };
const SERVER = stdioServer('files', { proxyEpoch: 7 });

/** Whether the proxy lets a server's process in, while the configuration says `known`. */
function isLetIn(known: SnapshotServer, said: Partial<ProxyServerIdentity> = {}, name = 'files'): boolean {
  const identity = { serverId: SERVER.id, configHash: SERVER.configHash, proxyEpoch: 7, ...said };
  const header = Buffer.from(`server.${name}:${serverProxyCredential(keys, identity)}`).toString('base64');
  const snapshot = { servers: new Map([[known.name, known]]) };
  const identify = () => ({ ok: false, error: { code: 'token-invalid' } }) as const;
  return identifyProxyClient({ identify, snapshot: () => snapshot, keys }, `Basic ${header}`).ok;
}

test('a credential of an epoch that is over is refused, and so is one of an epoch that has not begun', () => {
  assert.equal(isLetIn(SERVER, { proxyEpoch: 6 }), false);
  assert.equal(isLetIn(SERVER, { proxyEpoch: 8 }), false);
});

test('the same credential is let in where the epoch has not risen: the epoch alone keeps it out', () => {
  assert.equal(isLetIn({ ...SERVER, proxyEpoch: 6 }, { proxyEpoch: 6 }), true);
  assert.equal(isLetIn(SERVER), true);
});

test('a credential goes with the row of its server, not with the name: the next server of that name is another', () => {
  assert.equal(isLetIn({ ...SERVER, id: '01900000-0000-7000-8000-000000000001' }), false);
  assert.equal(isLetIn({ ...SERVER, name: 'renamed' }, {}, 'renamed'), true);
  assert.equal(isLetIn(SERVER, {}, 'other'), false);
});

test('a server that is off, of another transport or under another configuration has no process that goes out', () => {
  assert.equal(isLetIn({ ...SERVER, status: 'disabled' }), false);
  assert.equal(isLetIn({ ...SERVER, transport: 'http' }), false);
  assert.equal(isLetIn({ ...SERVER, configHash: 'd'.repeat(64) }), false);
});
