import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Client as ClientV2, StreamableHTTPClientTransport as TransportV2 } from '@modelcontextprotocol/client';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { stateless } from '#tests/db/mcp/stateless-client.ts';
import { type RecordingUpstream, startRecordingUpstream } from '#tests/fakes/recording-upstream.ts';
import {
  acceptUpstream,
  agentWithToken,
  connectClient,
  eventually,
  recordOf,
  startTestGateway,
  vote,
} from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';

/** How long the human takes: far beyond the 60 s after which every SDK client gives up by default. */
const THINKS_MS = 180_000;
const TASKS = { capabilities: { extensions: { 'io.modelcontextprotocol/tasks': {} } } };
const FOUR_HOURS = 4 * 3_600_000;

let at: Installation;
let upstream: RecordingUpstream;
let gateway: Gateway;

before(async () => {
  at = await openInstallation();
  upstream = await startRecordingUpstream();
  await acceptUpstream(at, 'files', upstream, { echo: 'high' });
  gateway = await startTestGateway(at);
});
after(async () => {
  await gateway?.close();
  await upstream?.close();
  await at?.close();
});

/** What one client does: calls `echo` with its own name, and comes back with the content. */
type Way = (token: string, args: { readonly who: string }) => Promise<unknown>;

const connectV2 = async (token: string, mode: 'auto' | 'legacy') => {
  const transport = new TransportV2(new URL(`http://127.0.0.1:${gateway.port}/mcp/files`), {
    requestInit: { headers: { authorization: `Bearer ${token}` } },
  });
  const client = new ClientV2({ name: 'v2', version: '1.0.0' }, { versionNegotiation: { mode } });
  // The transport's declared type differs from the interface in optional members only (exactOptionalPropertyTypes).
  await client.connect(transport as Parameters<ClientV2['connect']>[0]);
  return client;
};

/** Calls again with identical arguments for as long as the answer is the pending record, as it says. */
async function untilDecided(call: () => Promise<object>): Promise<unknown> {
  for (;;) {
    const answer = await call();
    if (!('isError' in answer) || answer.isError !== true) return 'content' in answer ? answer.content : undefined;
    assert.equal(recordOf(answer).code, 'approval-pending');
  }
}

const WAYS: Readonly<Record<string, Way>> = {
  'v1 client, default timeout, calling again by hand': async (token, args) => {
    const client = await connectClient(gateway, '/mcp/files', token);
    const content = await untilDecided(() => client.callTool({ name: 'echo', arguments: args }));
    await client.close();
    return content;
  },
  'v1 client, default timeout, one call kept alive by progress': async (token, args) => {
    const client = await connectClient(gateway, '/mcp/files', token);
    const options = { onprogress: () => undefined, resetTimeoutOnProgress: true };
    const { content } = await client.callTool({ name: 'echo', arguments: args }, CallToolResultSchema, options);
    await client.close();
    return content;
  },
  'v2 client, auto, default timeout, one call': async (token, args) => {
    const client = await connectV2(token, 'auto');
    const { content } = await client.callTool({ name: 'echo', arguments: args });
    await client.close();
    return content;
  },
  'v2 client, legacy, default timeout, calling again by hand': async (token, args) => {
    const client = await connectV2(token, 'legacy');
    const content = await untilDecided(() => client.callTool({ name: 'echo', arguments: args }));
    await client.close();
    return content;
  },
  'a client that takes tasks, polling': async (token, args) => {
    const ask = (method: string, params: Record<string, unknown>) =>
      stateless(gateway, '/mcp/files', token, method, params, TASKS);
    const { result: task } = await ask('tools/call', { name: 'echo', arguments: args });
    for (;;) {
      const { result } = await ask('tasks/get', { taskId: task.taskId });
      if (result.status !== 'working') return Object(result.result).content;
      await delay(Number(result.pollIntervalMs));
    }
  },
};

test('every official client gets its answer after a human has thought for three minutes, and each call runs once', async (t) => {
  const ways = Object.entries(WAYS).map(([what, way], n) => ({ what, way, name: `agent-${n}` }));
  const tokens = await Promise.all(
    ways.map(({ name }) => agentWithToken(at, { name, servers: ['files'] }, '/mcp/files')),
  );
  await eventually('the gateway to know the last agent', async () => {
    const answer = await stateless(gateway, '/mcp/files', tokens.at(-1)?.token ?? '', 'tools/list');
    return answer.status === 200;
  });
  const startedMs = performance.now();
  const running = ways.map(({ way, name }, n) =>
    way(tokens[n]?.token ?? '', { who: name }).then(
      (content) => ({ content, tookMs: performance.now() - startedMs }),
      (error: unknown) => ({ error, tookMs: performance.now() - startedMs }),
    ),
  );
  await eventually('all requests', async () => (await at.prisma.approvalRequest.count()) === ways.length);
  const asked = await at.prisma.approvalRequest.findMany({
    where: { requestedAt: { gt: new Date(Date.now() - FOUR_HOURS) } },
  });
  await delay(THINKS_MS);
  assert.equal(upstream.calls.length, 0, 'nothing ran meanwhile');
  assert.equal(await at.prisma.approvalRequest.count(), ways.length, 'nobody was asked twice');
  for (const { id } of asked) await vote(at, id, 'approve');
  const answers = await Promise.all(running);
  for (const [n, { what, name }] of ways.entries()) {
    await t.test(what, () => {
      const answer = answers[n];
      assert.ok(
        answer !== undefined && 'content' in answer,
        String(answer !== undefined && 'error' in answer && answer.error),
      );
      assert.deepEqual(answer.content, [{ type: 'text', text: `{"who":"${name}"}` }]);
      assert.ok(
        answer.tookMs >= THINKS_MS && answer.tookMs < THINKS_MS + 15_000,
        `took ${Math.round(answer.tookMs)} ms`,
      );
      assert.equal(upstream.calls.filter(({ body }) => body.includes(`"${name}"`)).length, 1);
    });
  }
});
