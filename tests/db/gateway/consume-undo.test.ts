import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { castVote } from '#lib/server/approvals/cast-vote.ts';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { kill } from '#lib/server/kill-switch/kill.ts';
import { type RecordingUpstream, startRecordingUpstream } from '#tests/fakes/recording-upstream.ts';
import {
  acceptUpstream,
  agentWithToken,
  connectClient,
  eventually,
  pendingRequest,
  recordOf,
  startTestGateway,
  vote,
} from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';

let at: Installation;
let upstream: RecordingUpstream;
let gateway: Gateway;
let token: string;
before(async () => {
  at = await openInstallation();
  upstream = await startRecordingUpstream();
  await acceptUpstream(at, 'files', upstream, { echo: 'high' });
  ({ token } = await agentWithToken(at, { name: 'bot', servers: ['files'] }, '/mcp/files'));
  await at.prisma.settings.update({ where: { id: 1 }, data: { undoHighS: 2 } });
  gateway = await startTestGateway(at);
});
after(async () => {
  await gateway?.close();
  await upstream?.close();
  await at?.close();
});

const statusOf = async (id: string) => (await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id } })).status;

test('an attached call runs when its undo window is over, and not before (T16)', async () => {
  const client = await connectClient(gateway, '/mcp/files', token);
  const running = client.callTool({ name: 'echo', arguments: { n: 1 } });
  const request = await pendingRequest(at);
  await vote(at, request.id, 'approve');
  const { executeAfter, decidedAt } = await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id: request.id } });
  assert.equal((executeAfter?.getTime() ?? 0) - (decidedAt?.getTime() ?? 0), 2_000);
  assert.equal(upstream.calls.length, 0);
  const result = await running;
  assert.notEqual(result.isError, true);
  const { consumedAt } = await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id: request.id } });
  assert.ok(consumedAt !== null && executeAfter !== null && consumedAt >= executeAfter);
  assert.equal(upstream.calls.length, 1);
  await client.close();
});

test('a veto in the window reaches the caller as a denial, and nothing runs (T16)', async () => {
  const client = await connectClient(gateway, '/mcp/files', token);
  const before = upstream.calls.length;
  const running = client.callTool({ name: 'echo', arguments: { n: 2 } });
  const { id, digest } = await pendingRequest(at);
  await vote(at, id, 'approve');
  const vetoed = await castVote(at, at.admin, { requestId: id, digest, decision: 'deny' }, 'veto');
  assert.ok(vetoed.ok);
  const result = await running;
  assert.equal(result.isError, true);
  assert.equal(recordOf(result).code, 'denied-by-human');
  assert.equal(upstream.calls.length, before);
  await client.close();
});

test('a gateway that goes away in the window loses nothing: the next attempt at another runs the call once (T16)', async () => {
  const before = upstream.calls.length;
  const other = await startTestGateway(at);
  const first = await connectClient(other, '/mcp/files', token);
  // Answered as still pending, or cut off: either way this attempt is over.
  const left = first.callTool({ name: 'echo', arguments: { n: 3 } }).catch(() => null);
  const request = await pendingRequest(at);
  await vote(at, request.id, 'approve');
  await other.close();
  await first.close();
  await left;
  assert.deepEqual([await statusOf(request.id), upstream.calls.length], ['approved', before]);
  const again = await connectClient(gateway, '/mcp/files', token);
  const result = await again.callTool({ name: 'echo', arguments: { n: 3 } });
  assert.notEqual(result.isError, true);
  assert.equal(upstream.calls.length, before + 1);
  await eventually('the outcome', async () => (await statusOf(request.id)) === 'succeeded');
  await again.close();
});

test('a window longer than the client waits is left at once for a veto or a kill', async () => {
  await at.prisma.settings.update({ where: { id: 1 }, data: { undoHighS: 600 } });
  const other = await startTestGateway(at);
  const client = await connectClient(other, '/mcp/files', token);
  const before = upstream.calls.length;
  const vetoed = client.callTool({ name: 'echo', arguments: { n: 4 } });
  const first = await pendingRequest(at);
  await vote(at, first.id, 'approve');
  await castVote(at, at.admin, { requestId: first.id, digest: first.digest, decision: 'deny' }, 'veto');
  assert.equal(recordOf(await vetoed).code, 'denied-by-human');

  const killed = client.callTool({ name: 'echo', arguments: { n: 5 } });
  const second = await pendingRequest(at);
  await vote(at, second.id, 'approve');
  await kill(at, at.admin, { scope: 'high-risk', reason: 'a drill' });
  assert.equal(recordOf(await killed).code, 'killed');
  assert.equal(upstream.calls.length, before);
  await client.close();
  await other.close();
});
