import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { PROTOCOL_METHODS } from '#lib/core/servers/protocol-methods.ts';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { registerServer } from '#lib/server/servers/register-server.ts';
import { changeTool } from '#lib/server/servers/tag-tool.ts';
import {
  acceptFound,
  agentWithToken,
  connectClient,
  pendingRequest,
  startTestGateway,
  vote,
} from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';

let at: Installation;
let gateway: Gateway;
let client: Client;

before(async () => {
  at = await openInstallation();
  const script = new URL(
    '../../../node_modules/@modelcontextprotocol/server-everything/dist/index.js',
    import.meta.url,
  );
  await at.prisma.stdioCommand.create({ data: { name: 'everything', argv: [process.execPath, script.pathname] } });
  const made = await registerServer(at, at.admin, {
    transport: 'stdio',
    name: 'all',
    command: 'everything',
    tier: 'high',
    description: '',
  });
  assert.ok(made.ok, JSON.stringify(made));
  await acceptFound(at, 'all');
  for (const method of PROTOCOL_METHODS.filter((one) => one !== 'resources/read')) {
    const tagged = await changeTool(at, at.admin, 'all', method, { tier: 'low', reason: 'only lists and prompts' });
    assert.ok(tagged.ok, method);
  }
  const { token } = await agentWithToken(at, { name: 'bot', servers: ['all'] }, '/mcp/all');
  gateway = await startTestGateway(at);
  client = await connectClient(gateway, '/mcp/all', token);
});
after(async () => {
  await client?.close();
  await gateway?.close();
  await at?.close();
});

test('a child\u2019s resources, prompts and completions pass the same door', async () => {
  const [{ resources }, { prompts }, { resourceTemplates }] = await Promise.all([
    client.listResources(),
    client.listPrompts(),
    client.listResourceTemplates(),
  ]);
  assert.ok(resources.length > 0 && prompts.length > 0 && resourceTemplates.length > 0);
  const uri = resources[0]?.uri ?? '';
  const reading = client.readResource({ uri });
  const request = await pendingRequest(at, 'resources/read');
  await vote(at, request.id, 'approve');
  const { contents } = await reading;
  assert.equal(contents[0]?.uri, uri);
  assert.equal((await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id: request.id } })).status, 'succeeded');
});
