import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { type RecordingUpstream, startRecordingUpstream } from '#tests/fakes/recording-upstream.ts';
import {
  acceptUpstream,
  agentWithToken,
  eventually,
  pendingRequest,
  recordOf,
  startTestGateway,
  vote,
} from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { type Send, stateless } from './stateless-client.ts';

const TASKS = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
let at: Installation;
let upstream: RecordingUpstream;
let gateway: Gateway;
let second: Gateway;
let token: string;
let other: string;

before(async () => {
  at = await openInstallation();
  upstream = await startRecordingUpstream();
  await acceptUpstream(at, 'files', upstream, { echo: 'high', slow: 'high', steps: 'low' });
  ({ token } = await agentWithToken(at, { name: 'bot', servers: ['files'] }, '/mcp/files'));
  ({ token: other } = await agentWithToken(at, { name: 'other', servers: ['files'] }, '/mcp/files'));
  gateway = await startTestGateway(at);
  second = await startTestGateway(at);
});
after(async () => {
  await gateway?.close();
  await second?.close();
  await upstream?.close();
  await at?.close();
});
beforeEach(async () => {
  await at.prisma.approvalRequest.updateMany({
    where: { status: { in: ['pending', 'approved'] } },
    data: { status: 'withdrawn' },
  });
});

const ask = (method: string, params: Record<string, unknown>, send: Send = {}, on: Gateway = gateway, as = token) =>
  stateless(on, '/mcp/files', as, method, params, { capabilities: TASKS, ...send });
const call = (name: string, args: Record<string, unknown>) => ask('tools/call', { name, arguments: args });
const poll = (taskId: unknown, on: Gateway = gateway) => ask('tasks/get', { taskId }, {}, on);

async function heldTask(name: string, args: Record<string, unknown>) {
  const { result } = await call(name, args);
  assert.equal(result.resultType, 'task');
  assert.equal(result.status, 'working');
  const request = await pendingRequest(at, name);
  return { taskId: String(result.taskId), request };
}

test('a call that is not held answers at once, also to a client that takes tasks', async () => {
  const { result } = await call('steps', { n: 1 });
  assert.equal(result.resultType, 'complete');
});

test('a client that does not take tasks is never given one, and cannot ask for one', async () => {
  const { status, error } = await ask('tasks/get', { taskId: 'x' }, { capabilities: {} });
  assert.equal(status, 400);
  assert.equal(error?.code, -32021);
  assert.deepEqual(error?.data?.requiredCapabilities, TASKS);
});

test('a held call is a task; approved, it runs only once somebody asks for it, on any gateway, once', async () => {
  const before = upstream.calls.length;
  const { taskId, request } = await heldTask('echo', { n: 2 });
  await vote(at, request.id, 'approve');
  assert.equal(upstream.calls.length, before, 'nobody attached: an approval alone runs nothing');
  const { result } = await poll(taskId, second);
  assert.equal(result.status, 'completed');
  assert.equal(result.resultType, 'complete');
  assert.deepEqual(result.result, { content: [{ type: 'text', text: '{"n":2}' }], resultType: 'complete' });
  const again = await poll(taskId);
  assert.deepEqual(again.result.result, result.result, 'the result stays, wherever it is asked for');
  assert.equal(upstream.calls.length, before + 1);
});

const isHolding = async (one: Gateway) => {
  const metrics = await fetch(`http://127.0.0.1:${one.metricsPort}/metrics`);
  return (await metrics.text()).includes('\ncountersign_calls_held 1\n');
};

test('of two polls that wait on two gateways one runs the call, and the other leaves it to that one', async () => {
  const before = upstream.calls.length;
  const { taskId, request } = await heldTask('slow', { n: 3 });
  const polls = [poll(taskId), poll(taskId, second)];
  await eventually('both polls to be attached', async () => (await isHolding(gateway)) && (await isHolding(second)));
  await vote(at, request.id, 'approve');
  await upstream.arrived(before + 1);
  const first = await Promise.race(polls);
  assert.equal(first.result.status, 'working', 'the one that lost answers while the other runs');
  upstream.release();
  await Promise.all(polls);
  const { result } = await poll(taskId);
  assert.equal(result.status, 'completed');
  assert.deepEqual(result.result, { content: [{ type: 'text', text: '{"n":3}' }], resultType: 'complete' });
  assert.equal(upstream.calls.length, before + 1);
});

test('asking again with identical arguments gives the same task, not one more', async () => {
  const { taskId, request } = await heldTask('echo', { n: 11 });
  assert.equal((await heldTask('echo', { n: 11 })).taskId, taskId);
  assert.equal(await at.prisma.mcpTask.count({ where: { requestId: request.id } }), 1);
});

test('a task goes on after its gateway was replaced', async () => {
  const { taskId, request } = await heldTask('echo', { n: 4 });
  const third = await startTestGateway(at);
  const cut = poll(taskId, third).catch(() => null);
  await third.close();
  await cut;
  await vote(at, request.id, 'approve');
  assert.equal((await poll(taskId)).result.status, 'completed');
});

test('a slow call is working for whoever asks, and its result is kept by the gateway that runs it', async () => {
  const before = upstream.calls.length;
  const { taskId, request } = await heldTask('slow', { n: 5 });
  await vote(at, request.id, 'approve');
  const running = poll(taskId);
  await upstream.arrived(before + 1);
  const elsewhere = await poll(taskId, second);
  assert.equal(elsewhere.result.status, 'working');
  assert.equal(elsewhere.result.statusMessage, 'Running.');
  upstream.release();
  await running;
  assert.equal((await poll(taskId, second)).result.status, 'completed');
  assert.equal(upstream.calls.length, before + 1);
});

test('a denial completes the task with the record of the refusal', async () => {
  const { taskId, request } = await heldTask('echo', { n: 6 });
  await vote(at, request.id, 'deny');
  const { result } = await poll(taskId);
  assert.equal(result.status, 'completed');
  assert.equal(recordOf(result.result).code, 'denied-by-human');
});

test('a cancelled task is withdrawn, and nothing of it runs', async () => {
  const before = upstream.calls.length;
  const { taskId, request } = await heldTask('echo', { n: 7 });
  const { result } = await ask('tasks/cancel', { taskId });
  assert.deepEqual(result, { resultType: 'complete' });
  const row = await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id: request.id } });
  assert.equal(row.status, 'withdrawn');
  assert.equal((await poll(taskId)).result.status, 'cancelled');
  assert.equal(upstream.calls.length, before);
});

test('an update is taken note of and changes nothing', async () => {
  const { taskId } = await heldTask('echo', { n: 8 });
  const inputResponses = { countersign: { action: 'accept' } };
  const { result } = await ask('tasks/update', { taskId, inputResponses });
  assert.deepEqual(result, { resultType: 'complete' });
  assert.equal((await at.prisma.mcpTask.findUniqueOrThrow({ where: { id: taskId } })).status, 'working');
});

test('another agent cannot tell a task of this one from one that never was', async () => {
  const { taskId } = await heldTask('echo', { n: 9 });
  for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel']) {
    const foreign = await ask(method, { taskId }, {}, gateway, other);
    const unknown = await ask(method, { taskId: 'nothing' }, {}, gateway, other);
    assert.equal(foreign.error?.code, -32602, method);
    assert.deepEqual(foreign.error, unknown.error, method);
  }
});

test('a task of a gateway that died while it ran ends with an unknown outcome, never with a second run', async () => {
  const before = upstream.calls.length;
  const { taskId, request } = await heldTask('echo', { n: 10 });
  // What a gateway that was killed between the consumption and the answer leaves, once the worker has looked at it.
  const dead = '00000000-0000-7000-8000-00000000dead';
  await at.prisma.approvalRequest.update({
    where: { id: request.id },
    data: { status: 'unknown_outcome', consumedAt: new Date(), consumedBy: dead, finishedAt: new Date() },
  });
  await at.prisma.mcpTask.update({ where: { id: taskId }, data: { ownedBy: dead } });
  const { result } = await poll(taskId);
  assert.equal(result.status, 'completed');
  assert.equal(recordOf(result.result).code, 'unknown-outcome');
  assert.equal(upstream.calls.length, before);
});
