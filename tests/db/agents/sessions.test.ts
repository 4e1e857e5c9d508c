// Sessions: bound to their agent, and kept outside by security.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { readSessions } from '#lib/server/agents/agent-sessions.ts';
import { issueToken } from '#lib/server/agents/issue-token.ts';
import { liftQuarantine, quarantineSession } from '#lib/server/agents/quarantine-session.ts';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { type RecordingUpstream, startRecordingUpstream } from '#tests/fakes/recording-upstream.ts';
import {
  acceptUpstream,
  agentWithToken,
  eventually,
  pendingRequest,
  rawCall,
  startTestGateway,
  vote,
} from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation, recordedEvents, withRoles } from '#tests/fixtures/installation.ts';

const PATH = '/mcp/files';
const answerSchema = z.object({
  result: z
    .object({ isError: z.boolean().optional(), structuredContent: z.object({ code: z.string() }).optional() })
    .optional(),
  error: z.object({ data: z.object({ code: z.string() }).optional() }).optional(),
});
let at: Installation;
let upstream: RecordingUpstream;
let gateways: readonly [Gateway, Gateway];
let bot: { readonly id: string; readonly token: string };
let api = '';
let other: { readonly id: string; readonly token: string };

before(async () => {
  at = await openInstallation();
  upstream = await startRecordingUpstream();
  await acceptUpstream(at, 'files', upstream, { echo: 'low', slow: 'high' });
  bot = await agentWithToken(at, { name: 'bot', servers: ['files'] }, PATH);
  const issued = await issueToken(at, at.admin, 'bot', { audience: '/api/v1/calls', ttlS: 3600 });
  assert.ok(issued.ok);
  api = issued.value.token;
  other = await agentWithToken(at, { name: 'other', servers: ['files'] }, PATH);
  gateways = [await startTestGateway(at), await startTestGateway(at)];
});
after(async () => {
  for (const gateway of gateways ?? []) await gateway.close();
  await upstream?.close();
  await at?.close();
});

const by = (agent: string, session: string) => ({ session, reason: `looked wrong on ${agent}` });

async function open(token: string, gateway: Gateway = gateways[0]): Promise<string> {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } };
  const answer = await rawCall(gateway, PATH, token, { id: 1, method: 'initialize', params });
  const session = answer.headers.get('mcp-session-id');
  assert.ok(session !== null, answer.text);
  return session;
}
/** Asks the decision API in a session that the agent declares; answers the request's id, throws what it was refused for. */
async function ask(session: string, gateway: Gateway = gateways[0]): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${gateway.port}/api/v1/calls`, {
    method: 'POST',
    headers: { authorization: `Bearer ${api}`, 'content-type': 'application/json' },
    body: JSON.stringify({ server: 'files', tool: 'slow', arguments: { n: ++ids }, session }),
  });
  const body: { requestId?: string; code: string; decision?: string } = await answer.json();
  if (body.decision !== 'pending' || body.requestId === undefined) throw new Error(body.code);
  return body.requestId;
}
let ids = 10;
async function call(
  token: string,
  session: string | null,
  gateway: Gateway = gateways[0],
  tool = 'echo',
): Promise<string> {
  const headers: Record<string, string> = session === null ? {} : { 'mcp-session-id': session };
  const params = { name: tool, arguments: { n: ids } };
  const answer = await rawCall(gateway, PATH, token, { id: ++ids, method: 'tools/call', params }, { headers });
  const line = /^data: (.+)$/m.exec(answer.text)?.[1] ?? answer.text;
  const { result, error } = answerSchema.parse(JSON.parse(line));
  if (error !== undefined) return error.data?.code ?? 'error';
  return result?.isError === true ? (result.structuredContent?.code ?? 'refused') : 'ran';
}

test('a session id is worth nothing to another agent, which cannot end it either (T39)', async () => {
  const session = await open(bot.token);
  assert.equal(await call(bot.token, session), 'ran');
  for (const gateway of gateways) assert.equal(await call(other.token, session, gateway), 'session-unknown');
  const ended = await rawCall(gateways[1], PATH, other.token, '', {
    method: 'DELETE',
    headers: { 'mcp-session-id': session },
  });
  assert.equal(ended.status, 404);
  assert.equal(await call(bot.token, session, gateways[1]), 'ran', 'its own agent resumes it in another gateway');
  const foreign = await quarantineSession(at, at.admin, 'other', by('other', session));
  assert.equal(foreign.ok ? null : foreign.error.code, 'not-found', 'not a session of that agent');
});

test('a quarantined session stays out in every gateway, under a new session and without one (K04)', async () => {
  const [bad, beside] = [await open(bot.token), await open(bot.token, gateways[1])];
  assert.deepEqual([await call(bot.token, bad), await call(bot.token, beside)], ['ran', 'ran']);
  const before = upstream.calls.length;

  const done = await quarantineSession(at, withRoles(at.admin, ['security']), 'bot', by('bot', bad));
  assert.ok(done.ok);
  for (const gateway of gateways) {
    await eventually(
      'the gateway to refuse',
      async () => (await call(bot.token, bad, gateway)) === 'session-quarantined',
    );
  }
  const ran = upstream.calls.length;
  assert.ok(ran >= before);
  const reconnected = await open(bot.token);
  assert.equal(await call(bot.token, reconnected), 'session-quarantined', 'a new session is the same one again');
  assert.equal(await call(bot.token, null), 'session-quarantined', 'and so are calls without one');
  assert.equal(upstream.calls.length, ran, 'nothing of it reached the upstream');
  assert.equal(await call(bot.token, beside), 'ran', 'what ran beside it goes on');
  assert.equal(await call(other.token, null), 'ran', 'other agents are not touched');

  const sessions = await readSessions(at.prisma, { id: bot.id, name: 'bot' });
  assert.equal(sessions[0]?.session, bad);
  assert.equal(sessions[0]?.quarantine?.reason, 'looked wrong on bot');
  assert.ok((await liftQuarantine(at, at.admin, 'bot', { session: bad, reason: 'it was a false alarm' })).ok);
  for (const session of [bad, reconnected, null]) {
    await eventually('the session to be let in', async () => (await call(bot.token, session)) === 'ran');
  }
});

test('what a quarantined session waits for ends, and what a declared session beside it waits for does not', async () => {
  const bad = await open(bot.token);
  const waiting = call(bot.token, bad, gateways[0], 'slow');
  const request = await pendingRequest(at, 'slow');
  const beside = await open(bot.token, gateways[1]);
  ids += 1;
  const going = call(bot.token, beside, gateways[1], 'slow');
  const goesOn = await eventually('the request beside it', () =>
    at.prisma.approvalRequest.findFirst({ where: { sessionName: beside, status: 'pending' } }),
  );
  const kept = await ask('beside');
  const done = await quarantineSession(at, at.admin, 'bot', by('bot', bad));
  assert.deepEqual(done.ok ? done.value.ended : null, 1);
  assert.notEqual(await waiting, 'ran');
  const statusOf = async (id: string) => (await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id } })).status;
  assert.deepEqual([await statusOf(request.id), await statusOf(kept)], ['withdrawn', 'pending']);
  assert.equal(await statusOf(goesOn.id), 'pending', 'and neither does what a connection beside it waits for');
  const listed = await readSessions(at.prisma, { id: bot.id, name: 'bot' });
  const row = listed.find((one) => one.session === beside);
  assert.deepEqual([row?.kind, row?.calls, row?.pending], ['mcp', null, 1], 'the log counts no calls by connection');
  const arrived = upstream.calls.length;
  await vote(at, goesOn.id, 'approve');
  await eventually('the approved call to arrive', async () => upstream.calls.length > arrived);
  upstream.release();
  assert.equal(await going, 'ran');
  assert.notEqual(await ask('beside'), kept, 'it goes on asking');
  await assert.rejects(ask('fresh'), /session-quarantined/);
  const second = await quarantineSession(at, at.admin, 'bot', by('bot', 'beside'));
  assert.deepEqual(second.ok ? second.value.ended : null, 2);
  for (const gateway of gateways) {
    await eventually('the declared session to be out', () => ask('beside', gateway).then(() => false, String));
  }
  for (const session of [bad, 'beside']) {
    assert.ok((await liftQuarantine(at, at.admin, 'bot', { session, reason: 'done looking' })).ok);
  }
  assert.equal(await statusOf(request.id), 'withdrawn', 'lifting brings no request back');
  const types = (await recordedEvents(at.prisma)).map((event) => event.type);
  assert.ok(types.includes('session.quarantined') && types.includes('session.lifted'));
});

test('only an admin or security may quarantine and lift, and only with a session that is there', async () => {
  const session = await open(bot.token);
  const reviewer = withRoles(at.admin, ['reviewer']);
  for (const act of [quarantineSession, liftQuarantine]) {
    const refused = await act(at, reviewer, 'bot', by('bot', session));
    assert.equal(refused.ok ? null : refused.error.code, 'not-allowed');
    const nothing = await act(at, at.admin, 'bot', by('bot', 'never-seen'));
    assert.equal(nothing.ok ? null : nothing.error.code, 'not-found');
    const nobody = await act(at, at.admin, 'no-such-agent', by('bot', session));
    assert.equal(nobody.ok ? null : nobody.error.code, 'not-found');
  }
});
