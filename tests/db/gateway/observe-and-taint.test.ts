// What observe lets pass, what it never lets pass, and sessions that have read what strangers wrote.
import assert from 'node:assert/strict';
import { randomUUIDv7 } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import type { Rule } from '#lib/core/policies/rule.ts';
import { bumpConfig } from '#lib/server/db/config-head.ts';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { kill } from '#lib/server/kill-switch/kill.ts';
import { ruleHash } from '#lib/server/snapshot/observe-rules.ts';
import { type RecordingUpstream, startRecordingUpstream } from '#tests/fakes/recording-upstream.ts';
import {
  acceptUpstream,
  agentWithToken,
  connectClient,
  eventually,
  rawCall,
  recordOf,
  startTestGateway,
  vote,
} from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';
import { inForce, rule } from '#tests/fixtures/policies.ts';

let at: Installation;
let upstream: RecordingUpstream;
/** Two gateways: what one has seen, the other must know. */
let gateways: readonly [Gateway, Gateway];
let client: Client;
let dora: HumanPrincipal;

before(async () => {
  at = await openInstallation();
  dora = await addPerson(at, 'dora', ['admin']);
  upstream = await startRecordingUpstream();
  upstream.tools = [
    ...upstream.tools,
    {
      name: 'visit',
      description: 'Reads a page.',
      inputSchema: { type: 'object' },
      annotations: { openWorldHint: true },
    },
    {
      name: 'drip',
      description: 'Reads a page and tells of it meanwhile.',
      inputSchema: { type: 'object' },
      annotations: { openWorldHint: true },
    },
  ];
  await acceptUpstream(at, 'files', upstream, {
    echo: 'high',
    strict: 'low',
    broken: 'low',
    visit: 'low',
    drip: 'low',
  });
  const { token } = await agentWithToken(
    at,
    { name: 'bot', servers: ['files'], requestTimeoutMs: 5_100, pendingCap: 500 },
    '/mcp/files',
  );
  gateways = [await startTestGateway(at), await startTestGateway(at)];
  client = await connectClient(gateways[0], '/mcp/files', token);
});
after(async () => {
  await client?.close();
  for (const gateway of gateways ?? []) await gateway.close();
  await upstream?.close();
  await at?.close();
});
beforeEach(async () => {
  await at.prisma.$executeRaw`UPDATE observe_windows SET ended_at = clock_timestamp() WHERE ended_at IS NULL`;
  await inForce(at, dora, at.admin, []);
  await reload();
});

/** Tells the gateways that configuration has moved, as the use-case that opens a window does. */
async function reload(): Promise<void> {
  await at.prisma.$transaction((tx) => bumpConfig(tx, 'policies', 'observe'));
}

async function observe(scope: string, { minutes = 60, rule }: { minutes?: number; rule?: Rule } = {}): Promise<void> {
  await at.prisma.$executeRaw`
    INSERT INTO observe_windows (id, scope, rule_hash, reason, minutes, starts_at, ends_at)
    VALUES (${randomUUIDv7()}::uuid, ${scope}, ${rule === undefined ? null : ruleHash(rule)}, 'a test', ${minutes}, clock_timestamp(),
      clock_timestamp() + make_interval(mins => ${minutes}))`;
  await reload();
}

async function call(tool: string, args: Record<string, unknown>, by = client): Promise<string> {
  const before = upstream.calls.length;
  const answer = await by.callTool({ name: tool, arguments: args });
  return upstream.calls.length > before ? 'ran' : recordOf(answer).code;
}

const soon = (tool: string, args: Record<string, unknown>, code: string, by = client) =>
  eventually(`${tool}: ${code}`, async () => (await call(tool, args, by)) === code);

/** Decision and scope of the newest intent. */
async function lastIntent(): Promise<string> {
  const intents = (await recordedEvents(at.prisma)).filter((event) => event.type === 'call.intent');
  const text = intents.at(-1)?.text ?? '';
  return `${/"decision":"([^"]+)"/.exec(text)?.[1]} ${/"scope":"([^"]+)"/.exec(text)?.[1] ?? ''}`.trim();
}

test('approvals in observe let held calls pass, recorded as what they would have been', async () => {
  assert.equal(await call('echo', { n: 1 }), 'approval-pending');
  await observe('control:approvals');
  await soon('echo', { n: 2 }, 'ran');
  assert.equal(await lastIntent(), 'observed-hold control:approvals');
  assert.equal(await call('strict', { path: 'x' }), 'ran');
  assert.equal(await lastIntent(), 'allow', 'what would have passed anyway is an ordinary permission');
  assert.equal(await call('strict', { path: 1 }), 'args-invalid', 'another control is as strict as ever');
});

test('a window ends by itself at its time, without any gateway being told', async () => {
  await observe('control:approvals');
  await soon('echo', { n: 3 }, 'ran');
  await at.prisma.$executeRaw`UPDATE observe_windows SET ends_at = clock_timestamp() + interval '1 second'
    WHERE ended_at IS NULL`;
  await reload();
  await soon('echo', { n: 4 }, 'approval-pending');
});

test('denials in observe pass only as far as approvals let them', async () => {
  await inForce(at, dora, at.admin, [rule('never', 'deny', { when: { tools: ['echo', 'strict'] } })]);
  await soon('strict', { path: 'x' }, 'denied-by-policy');
  await observe('control:policies');
  await soon('strict', { path: 'x' }, 'ran');
  assert.equal(await lastIntent(), 'observed-deny control:policies');
  assert.equal(await call('echo', { n: 5 }), 'approval-pending', 'what the tier holds is still held');
});

test('arguments in observe pass though they do not fit', async () => {
  await observe('control:arguments');
  await soon('strict', { path: 'x', more: 1 }, 'ran');
  assert.equal(await lastIntent(), 'observed-deny control:arguments');
});

test('a server in observe passes, and another control over another server does not', async () => {
  await observe('server:other');
  assert.equal(await call('echo', { n: 6 }), 'approval-pending');
  await observe('server:files');
  await soon('echo', { n: 7 }, 'ran');
  assert.equal(await lastIntent(), 'observed-hold server:files');
});

test('one rule in observe has no effect and is recorded; the others hold as before', async () => {
  const never = rule('never', 'deny', { when: { tools: ['strict'] } });
  await inForce(at, dora, at.admin, [never, rule('asked', 'hold', { when: { tools: ['broken'] } })]);
  await soon('strict', { path: 'x' }, 'denied-by-policy');
  await observe('rule:never', { rule: never });
  await soon('strict', { path: 'x' }, 'ran');
  assert.equal(await lastIntent(), 'observed-deny rule:never');
  assert.equal(await call('broken', {}), 'approval-pending');
});

test('a session that has read what strangers wrote is tainted before it sees the result, on every gateway', async () => {
  await inForce(at, dora, at.admin, [rule('tainted', 'deny', { when: { tainted: true, tools: ['strict'] } })]);
  const { token } = await agentWithToken(at, { name: 'reader', servers: ['files'] }, '/mcp/files');
  const knows = (gateway: Gateway) =>
    eventually('the gateway knows the agent', async () => {
      const answer = await rawCall(gateway, '/mcp/files', token, { id: 1, method: 'ping' });
      return answer.status === 200;
    });
  await Promise.all(gateways.map(knows));
  const [here, there] = [
    await connectClient(gateways[0], '/mcp/files', token),
    await connectClient(gateways[1], '/mcp/files', token),
  ];
  assert.equal(await call('strict', { path: 'a' }, here), 'ran', 'a clean session');
  assert.equal(await call('visit', {}, here), 'ran');
  assert.equal(await call('strict', { path: 'b' }, here), 'denied-by-policy', 'at once, where it was read');
  await soon('strict', { path: 'c' }, 'denied-by-policy', there);
  assert.equal(await call('visit', {}, there), 'ran');
  const told = (await recordedEvents(at.prisma)).filter((event) => event.type === 'session.tainted');
  assert.equal(told.length, 1, 'told once');
  assert.match(told[0]?.text ?? '', /"source":"files__visit"/);
  const third = await startTestGateway(at);
  const later = await connectClient(third, '/mcp/files', token);
  assert.equal(await call('strict', { path: 'd' }, later), 'denied-by-policy', 'a gateway that starts later knows');
  for (const one of [here, there, later]) await one.close();
  await third.close();
});

/** A client of an agent of its own: a session that has read nothing yet. */
async function cleanClient(name: string): Promise<{ readonly id: string; readonly client: Client }> {
  const { id, token } = await agentWithToken(at, { name, servers: ['files'], requestTimeoutMs: 5_100 }, '/mcp/files');
  await eventually('the gateway knows the agent', async () => {
    const answer = await rawCall(gateways[0], '/mcp/files', token, { id: 1, method: 'ping' });
    return answer.status === 200;
  });
  return { id, client: await connectClient(gateways[0], '/mcp/files', token) };
}

const isTainted = async (agentId: string) => (await at.prisma.sessionTaint.count({ where: { agentId } })) === 1;

test('what a running tool tells taints before it is heard, also when the call is then taken back', async () => {
  await inForce(at, dora, at.admin, [rule('tainted', 'deny', { when: { tainted: true, tools: ['strict'] } })]);
  const curious = await cleanClient('curious');
  await soon('strict', { path: 'a' }, 'ran', curious.client);
  const heard = Promise.withResolvers<boolean>();
  const stop = new AbortController();
  const running = curious.client.callTool({ name: 'drip', arguments: {} }, undefined, {
    signal: stop.signal,
    onprogress: () => heard.resolve(isTainted(curious.id)),
  });
  assert.equal(await heard.promise, true, 'written before the first word');
  assert.equal(await call('strict', { path: 'b' }, curious.client), 'denied-by-policy', 'while it runs');
  stop.abort();
  await assert.rejects(running);
  assert.equal(await call('strict', { path: 'c' }, curious.client), 'denied-by-policy', 'after it was taken back');
  upstream.release();
  await curious.client.close();
});

test('a tool that taints is not called where the taint cannot be written, however often it is tried', async () => {
  const unlucky = await cleanClient('unlucky');
  await at.prisma.$executeRaw`ALTER TABLE session_taints ADD CONSTRAINT refuse_all CHECK (false) NOT VALID`;
  const first = await call('visit', {}, unlucky.client);
  const second = await call('visit', {}, unlucky.client);
  await at.prisma.$executeRaw`ALTER TABLE session_taints DROP CONSTRAINT refuse_all`;
  assert.deepEqual([first, second], ['audit-unavailable', 'audit-unavailable']);
  assert.equal(await call('visit', {}, unlucky.client), 'ran');
  assert.ok(await isTainted(unlucky.id));
  await unlucky.client.close();
});

test('an approval that was consumed for a tool that cannot be called for want of the taint is closed as failed', async () => {
  await inForce(at, dora, at.admin, [rule('asked', 'hold', { when: { tools: ['visit'] } })]);
  const patient = await cleanClient('patient');
  await soon('visit', {}, 'approval-pending', patient.client);
  const asked = { agentId: patient.id, status: 'pending' } as const;
  const request = await at.prisma.approvalRequest.findFirstOrThrow({ where: asked });
  await vote(at, request.id, 'approve');
  await at.prisma.$executeRaw`ALTER TABLE session_taints ADD CONSTRAINT refuse_all CHECK (false) NOT VALID`;
  const answered = await call('visit', {}, patient.client);
  await at.prisma.$executeRaw`ALTER TABLE session_taints DROP CONSTRAINT refuse_all`;
  assert.equal(answered, 'audit-unavailable');
  const closed = await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id: request.id } });
  assert.equal(closed.status, 'failed');
  await patient.client.close();
});

test('the kill switch is never in observe', async () => {
  await observe('server:files');
  await soon('echo', { n: 8 }, 'ran');
  const killed = await kill(at, at.admin, { scope: 'server:files', reason: 'a test' });
  assert.ok(killed.ok);
  await soon('echo', { n: 9 }, 'killed');
});
