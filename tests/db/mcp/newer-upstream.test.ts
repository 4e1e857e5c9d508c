import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { runWebHandler } from '#lib/server/gateway/web-adapter.ts';
import { acceptUpstream, agentWithToken, connectClient, startTestGateway } from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { stateless } from './stateless-client.ts';

let at: Installation;
let gateway: Gateway;
let token: string;
const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'newer', version: '1.0.0' });
  server.registerTool(
    'add',
    { description: 'Adds.', inputSchema: z.object({ a: z.number(), b: z.number() }) },
    ({ a, b }) => ({
      content: [{ type: 'text', text: String(a + b) }],
    }),
  );
  return server;
});
const http = createServer((request, response) => {
  const origin = `http://${request.headers.host}`;
  runWebHandler((web) => handler.fetch(web), origin, request, response, 1_000_000).catch(() => response.destroy());
});

before(async () => {
  at = await openInstallation();
  const port = await new Promise<number>((resolve) => {
    http.listen(0, '127.0.0.1', () => {
      const address = http.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  await acceptUpstream(at, 'newer', { url: `http://127.0.0.1:${port}/mcp`, port }, { add: 'low' });
  ({ token } = await agentWithToken(at, { name: 'bot', servers: ['newer'] }, '/mcp/newer'));
  gateway = await startTestGateway(at);
});
after(async () => {
  await gateway?.close();
  await handler.close();
  http.closeAllConnections();
  http.close();
  await at?.close();
});

test('a server of the v2 SDK, which keeps no sessions, is reached by agents of both eras', async () => {
  const client = await connectClient(gateway, '/mcp/newer', token);
  const older = await client.callTool({ name: 'add', arguments: { a: 1, b: 2 } });
  assert.deepEqual(older.content, [{ type: 'text', text: '3' }]);
  await client.close();
  const newer = await stateless(gateway, '/mcp/newer', token, 'tools/call', { name: 'add', arguments: { a: 3, b: 4 } });
  assert.equal(newer.result.resultType, 'complete');
  assert.deepEqual(newer.result.content, [{ type: 'text', text: '7' }]);
});
