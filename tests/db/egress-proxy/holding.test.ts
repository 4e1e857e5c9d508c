import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setOnFirstSeen } from '#lib/server/egress/egress-identities.ts';
import { eventually, pendingRequest, vote } from '#tests/fixtures/gateway.ts';
import {
  agentWithWayOut,
  type Listener,
  listenTcp,
  openProxy,
  openTunnel,
  type ProxyInstallation,
} from './proxy-fixture.ts';

let proxy: ProxyInstallation;
let inside: Listener;
let auth: string;
before(async () => {
  proxy = await openProxy({ holdMs: 700 });
  inside = await listenTcp();
  proxy.names.set('ready.example.com', ['127.0.0.1']);
  const made = await agentWithWayOut(proxy, 'alpha', { host: 'ready.example.com', port: inside.port });
  auth = `Bearer ${made.token}`;
  assert.ok((await setOnFirstSeen(proxy.at, proxy.at.admin, 'agent:alpha', 'ask')).ok);
});
after(async () => {
  await inside.close();
  await proxy.close();
});

const ask = (authority: string) => openTunnel(proxy.gateway.proxyPort, auth, authority);
const entries = () => proxy.at.prisma.egressEntry.count();

test('an unlisted host waits for a human; when patience ends, 504 names the request, and a retry attaches to it', async () => {
  const first = await eventually('the setting', async () => {
    const answer = await ask('new.example.com:443');
    return answer.status === 504 ? answer : null;
  });
  const [, requestId = ''] = /\r\ncountersign-request: ([0-9a-f-]{36})\r\n/.exec(first.head) ?? [];
  assert.match(first.head, /application\/problem\+json/);
  assert.match(first.head, /"code":"approval-pending"/);
  const second = await ask('new.example.com:443');
  assert.equal(second.status, 504);
  assert.match(second.head, new RegExp(`countersign-request: ${requestId}`));
  assert.equal(await proxy.at.prisma.approvalRequest.count({ where: { toolName: 'connect-unlisted' } }), 1);
  assert.ok(!proxy.asked.includes('new.example.com'), 'nobody is told by a look-up that the agent asked');
});

test('an approval lets one connection through, and adds nothing to the list', async () => {
  const before = await entries();
  const request = await pendingRequest(proxy.at, 'connect-unlisted');
  proxy.names.set('new.example.com', ['127.0.0.1']);
  await vote(proxy.at, request.id, 'approve');
  // The approved name turns out to point inside: an approval opens public addresses only.
  const inner = await ask('new.example.com:443');
  assert.equal(inner.status, 403);
  assert.match(inner.head, /not public/);
  assert.equal(await entries(), before);
  const again = await ask('new.example.com:443');
  assert.equal(again.status, 504, 'the approval is used up: the next connection asks anew');
});

test('an approval that comes while the client waits opens the way in the same attempt', async () => {
  proxy.names.set('soon.example.com', ['127.0.0.1']);
  const waiting = ask('soon.example.com:443');
  const request = await eventually('the request', async () => {
    const rows = await proxy.at.prisma.approvalRequest.findMany({ where: { status: 'pending' } });
    const [newest] = rows.toSorted((a, b) => b.requestedAt.getTime() - a.requestedAt.getTime());
    return rows.length === 2 ? newest : null;
  });
  await vote(proxy.at, request.id, 'approve');
  const { status, head } = await waiting;
  assert.equal(status, 403);
  assert.match(head, /not public/, 'it went on to the address, which is closed');
  const finished = await eventually('the end', async () => {
    const row = await proxy.at.prisma.approvalRequest.findUniqueOrThrow({ where: { id: request.id } });
    return row.status === 'failed' ? row : null;
  });
  assert.equal(finished.via, 'egress-proxy');
});

test('a denial is final for a minute, and reaches nothing', async () => {
  const waiting = ask('never.example.com:443');
  const { approvalRequest } = proxy.at.prisma;
  // The first test's request waits still; asked the other way round, it could be taken for this one.
  const request = await eventually('the request', async () =>
    (await approvalRequest.count({ where: { status: 'pending' } })) >= 2
      ? approvalRequest.findFirst({ where: { status: 'pending' }, orderBy: { requestedAt: 'desc' } })
      : null,
  );
  await vote(proxy.at, request.id, 'deny');
  const { status, head } = await waiting;
  assert.equal(status, 403);
  assert.match(head, /"code":"denied-by-human"/);
  assert.equal((await ask('never.example.com:443')).status, 403);
});

test('nobody is asked about an address that no approval could open', async () => {
  const before = await proxy.at.prisma.approvalRequest.count();
  for (const authority of ['127.0.0.1:443', '169.254.169.254:80', '[::1]:443', '2130706433:443']) {
    const { status } = await ask(authority);
    assert.ok(status === 403 || status === 400, authority);
  }
  assert.equal(await proxy.at.prisma.approvalRequest.count(), before);
});
