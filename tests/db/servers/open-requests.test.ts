// What waits for people when its tool, its server or its agent is no longer what it was.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { revokeAgent } from '#lib/server/agents/revoke-agent.ts';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { changeServer } from '#lib/server/servers/change-server.ts';
import { scanServer } from '#lib/server/servers/scan-server.ts';
import { acceptFound, agentWithToken, eventually, startTestGateway, vote } from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { type McpFixture, makeHttpServer, startMcpServer, tool } from '#tests/fixtures/servers.ts';

let at: Installation;
let upstream: McpFixture;
let gateway: Gateway;
let token = '';
before(async () => {
  at = await openInstallation();
  upstream = await startMcpServer([tool('delete_ticket'), tool('delete_user')]);
  await makeHttpServer(at, upstream, 'tickets');
  await acceptFound(at, 'tickets');
  ({ token } = await agentWithToken(at, { name: 'bot', servers: ['tickets'] }, '/api/v1/calls'));
  gateway = await startTestGateway(at);
});
after(async () => {
  await gateway.close();
  await upstream.close();
  await at.close();
});

type Answer = { readonly callId: string; readonly requestId: string; readonly code: string; readonly decision: string };
async function ask(toolName: string, n: number): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${gateway.port}/api/v1/calls`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ server: 'tickets', tool: toolName, arguments: { n } }),
  });
  return response.json();
}
async function read(callId: string): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`http://127.0.0.1:${gateway.port}/api/v1/calls/${callId}`, { headers })).json();
}
const statusOf = async (id: string) => (await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id } })).status;

test('a drift ends what waits for that tool, approved or not, and leaves the other tools alone', async () => {
  const waiting = await ask('delete_ticket', 1);
  const approved = await ask('delete_ticket', 2);
  const other = await ask('delete_user', 3);
  await vote(at, approved.requestId, 'approve');
  upstream.tools = [tool('delete_ticket', { description: 'Now deletes everything.' }), tool('delete_user')];
  assert.ok((await scanServer(at, 'system', 'tickets')).ok);
  assert.equal(await statusOf(waiting.requestId), 'superseded');
  assert.equal(await statusOf(approved.requestId), 'revoked');
  assert.equal(await statusOf(other.requestId), 'pending');
  const polled = await read(approved.callId);
  assert.equal(polled.decision, 'deny', 'an approval of the old definition runs nothing');
  const types = (await recordedEvents(at.prisma)).map((event) => event.type);
  for (const type of ['tool.drifted', 'request.superseded', 'request.revoked']) assert.ok(types.includes(type), type);
  await acceptFound(at, 'tickets');
  assert.equal(await statusOf(approved.requestId), 'revoked', 'accepting the new definition revives nothing');
});

test('switching the server off ends what waits for it', async () => {
  const waiting = await ask('delete_user', 4);
  assert.ok((await changeServer(at, at.admin, 'tickets', { status: 'disabled', reason: 'an incident' })).ok);
  assert.equal(await statusOf(waiting.requestId), 'superseded');
  assert.ok((await changeServer(at, at.admin, 'tickets', { status: 'active', reason: 'over' })).ok);
  assert.equal(await statusOf(waiting.requestId), 'superseded');
});

test('revoking the agent withdraws what it waits for, and its token is refused at once', async () => {
  // The gateway hears of "off" and of "on" one after the other, and may answer between them.
  const held = (n: number) =>
    eventually('the gateway knows that the server is on again', async () => {
      const answer = await ask('delete_user', n);
      return answer.decision === 'pending' ? answer : null;
    });
  const waiting = await held(5);
  const approved = await held(6);
  await vote(at, approved.requestId, 'approve');
  assert.ok((await revokeAgent(at, at.admin, 'bot', 'it misbehaved')).ok);
  assert.equal(await statusOf(waiting.requestId), 'withdrawn');
  assert.equal(await statusOf(approved.requestId), 'revoked');
  await eventually('the token is refused', async () => (await read(waiting.callId)).code === 'token-invalid');
});
