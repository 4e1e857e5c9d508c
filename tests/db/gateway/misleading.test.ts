// T33: what looks like something else than it is is judged one tier higher, and goes on unchanged once people agree.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { castVote } from '#lib/server/approvals/cast-vote.ts';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { type RecordingUpstream, startRecordingUpstream } from '#tests/fakes/recording-upstream.ts';
import { acceptUpstream, agentWithToken, connectClient, recordOf, startTestGateway } from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { argumentsIn } from '#tests/fixtures/mcp-agent.ts';
import { addPerson } from '#tests/fixtures/people.ts';

const PLAIN = { file: 'invoice-exe.pdf' };
const MISLEADING = { file: 'invoice\u202Efdp.exe' };

let at: Installation;
let upstream: RecordingUpstream;
let gateway: Gateway;
let client: Client;

before(async () => {
  at = await openInstallation();
  upstream = await startRecordingUpstream();
  await acceptUpstream(at, 'files', upstream, { echo: 'low', slow: 'medium' });
  const { token } = await agentWithToken(
    at,
    { name: 'bot', servers: ['files'], requestTimeoutMs: 5_100 },
    '/mcp/files',
  );
  gateway = await startTestGateway(at);
  client = await connectClient(gateway, '/mcp/files', token);
});
after(async () => {
  await client?.close();
  await gateway?.close();
  await upstream?.close();
  await at?.close();
});

test('a low tool runs at once with plain arguments, and waits at medium with misleading ones (T33)', async () => {
  const ran = upstream.calls.length;
  await client.callTool({ name: 'echo', arguments: PLAIN });
  assert.equal(upstream.calls.length, ran + 1);

  const { code, tier, requestId } = recordOf(await client.callTool({ name: 'echo', arguments: MISLEADING }));
  assert.deepEqual([code, tier], ['approval-pending', 'medium']);
  assert.equal(upstream.calls.length, ran + 1);

  const ben = await addPerson(at, 'ben', ['reviewer']);
  const id = requestId ?? '';
  const { digest } = await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id } });
  const voted = await castVote(at, ben, { requestId: id, decision: 'approve', digest });
  assert.ok(voted.ok, JSON.stringify(voted));
  await client.callTool({ name: 'echo', arguments: MISLEADING });
  assert.deepEqual(JSON.parse(argumentsIn(upstream.calls.at(-1)?.body ?? '')), MISLEADING);
});

test('a medium tool is judged as high, by name as well as by value (T33)', async () => {
  for (const args of [{ a: 'x\u200By' }, { 'a\u{E0041}': 1 }]) {
    const { tier } = recordOf(await client.callTool({ name: 'slow', arguments: args }));
    assert.equal(tier, 'high');
  }
  assert.equal(recordOf(await client.callTool({ name: 'slow', arguments: { a: 'xy' } })).tier, 'medium');
});
