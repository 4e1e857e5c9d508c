// The allowlist in a running gateway: an upstream that moved, an entry that ended, what the log and the list say of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { GATEWAY_IDENTITY } from '#lib/core/egress/entries-for.ts';
import { changeEgressEntry } from '#lib/server/egress/change-entry.ts';
import { listAttempts } from '#lib/server/egress/list-attempts.ts';
import { removeEgressEntry } from '#lib/server/egress/remove-entry.ts';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { changeServer } from '#lib/server/servers/change-server.ts';
import { scanServer } from '#lib/server/servers/scan-server.ts';
import { type RecordingUpstream, startRecordingUpstream } from '#tests/fakes/recording-upstream.ts';
import { startTripwire, type Tripwire } from '#tests/fakes/tripwire.ts';
import { makeAgent } from '#tests/fixtures/agents.ts';
import {
  acceptUpstream,
  agentWithToken,
  eventually,
  type RawAnswer,
  rawCall,
  startTestGateway,
} from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';

let at: Installation;
let upstream: RecordingUpstream;
let inside: Tripwire;
let gateway: Gateway;
let token: string;

before(async () => {
  at = await openInstallation();
  upstream = await startRecordingUpstream();
  inside = await startTripwire();
  await acceptUpstream(at, 'files', upstream, { echo: 'low', slow: 'low' });
  ({ token } = await agentWithToken(at, { name: 'bot', servers: ['files'] }, '/mcp/files'));
  gateway = await startTestGateway(at);
});
after(async () => {
  await gateway?.close();
  await inside?.close();
  await upstream?.close();
  await at?.close();
});

const call = (name: string): Promise<RawAnswer> =>
  rawCall(gateway, '/mcp/files', token, { id: 1, method: 'tools/call', params: { name, arguments: {} } });
const attempts = (verdict: 'allowed' | 'denied') => listAttempts(at.prisma, { verdict, limit: 50 });
const entryId = async () =>
  (await at.prisma.egressEntry.findFirstOrThrow({ where: { port: upstream.port, revokedAt: null } })).id;

test('a connection that was let through is listed with its bytes once it is over', async () => {
  assert.doesNotMatch((await call('echo')).text, /egress-denied/);
  const seen = await eventually('the connection is listed', async () =>
    (await attempts('allowed')).items.find((item) => item.port === upstream.port),
  );
  assert.deepEqual([seen.identity, seen.host, seen.scheme], [GATEWAY_IDENTITY, '127.0.0.1', 'http']);
});

test('N07: moving a server to another address asks for the entry that this address needs', async () => {
  const url = `http://127.0.0.1:${inside.port}/mcp`;
  const moved = await changeServer(at, at.admin, 'files', { url, reason: 'it moved' });
  assert.equal(moved.ok ? 'moved' : moved.error.code, 'egress-entry-needed');
  assert.equal(inside.connections(), 0);
});

test('N07: an address that was edited behind the registry is refused at the call and at the scan, and noted', async () => {
  const url = `http://127.0.0.1:${inside.port}/mcp`;
  const before = await at.prisma.server.findUniqueOrThrow({ where: { name: 'files' } });
  const edit = async (to: string | null) => {
    await at.prisma.server.update({ where: { name: 'files' }, data: { url: to } });
    await at.prisma.$executeRaw`UPDATE config_head SET version = version + 1 WHERE id = 1`;
  };
  await edit(url);
  await eventually('calls are refused', async () => (await call('echo')).text.includes('egress-denied'));
  const scanned = await scanServer(at, at.admin, 'files');
  assert.equal(scanned.ok ? 'scanned' : scanned.error.code, 'egress-denied');
  assert.equal(inside.connections(), 0);
  const noted = await eventually('the refusal is listed', async () =>
    (await attempts('denied')).items.find((item) => item.port === inside.port),
  );
  assert.deepEqual([noted.identity, noted.reason], [GATEWAY_IDENTITY, 'The destination is not on the allowlist.']);
  const events = (await recordedEvents(at.prisma)).filter((event) => event.type === 'egress.denied');
  assert.equal(events.length, 1, 'the first in a minute');
  await edit(before.url);
  await eventually('calls run again', async () => !(await call('echo')).text.includes('egress-denied'));
});

test('an entry of an agent opens nothing for the gateway, and the other way round', async () => {
  await makeAgent(at, { name: 'other' });
  const id = await entryId();
  await at.prisma.egressEntry.update({ where: { id }, data: { identity: 'agent:other' } });
  await at.prisma.$executeRaw`UPDATE config_head SET version = version + 1 WHERE id = 1`;
  await eventually('calls are refused', async () => (await call('echo')).text.includes('egress-denied'));
  await at.prisma.egressEntry.update({ where: { id }, data: { identity: GATEWAY_IDENTITY } });
  await at.prisma.$executeRaw`UPDATE config_head SET version = version + 1 WHERE id = 1`;
  await eventually('calls run again', async () => !(await call('echo')).text.includes('egress-denied'));
});

test('a call that runs when its entry ends is cut within seconds, and nobody claims that it did nothing', async () => {
  const id = await entryId();
  assert.ok((await changeEgressEntry(at, at.admin, id, { reason: 'about to end' })).ok);
  const running = call('slow');
  const early = running.then((answer) => assert.fail(`answered before it arrived: ${answer.text}`));
  const arrived = eventually('the call has arrived', async () =>
    upstream.calls.some(({ body }) => body.includes('"slow"')),
  );
  early.catch(() => undefined);
  await Promise.race([arrived, early]);
  const startedAt = performance.now();
  assert.ok((await removeEgressEntry(at, at.admin, id)).ok);
  const answer = await running;
  assert.match(answer.text, /"code":"egress-denied"/);
  assert.match(answer.text, /"state":"unknown-outcome"/);
  assert.ok(performance.now() - startedAt < 6_000, 'the connection outlived its entry');
});
