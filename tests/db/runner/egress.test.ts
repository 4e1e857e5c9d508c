// A program in a sandbox, the runner, the gateway's real egress proxy, and a listener that must see only what was allowed.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { serverCreateSchema } from '#lib/contracts/servers.ts';
import { probeSandbox } from '#lib/server/runner/probe-sandbox.ts';
import type { Runner } from '#lib/server/runner/start-runner.ts';
import { registerServer } from '#lib/server/servers/register-server.ts';
import { changeTool } from '#lib/server/servers/tag-tool.ts';
import { acceptFound, agentWithToken, connectClient, eventually } from '#tests/fixtures/gateway.ts';
import { startTestRunner } from '#tests/fixtures/runner.ts';
import { allow, listenTcp, openProxy, type ProxyInstallation } from '../egress-proxy/proxy-fixture.ts';

const sandbox = await probeSandbox();
const skip = sandbox.kind === 'none' ? `no sandbox on this machine: ${sandbox.why}` : false;

let proxy: ProxyInstallation;
let allowed: Awaited<ReturnType<typeof listenTcp>>;
let other: Awaited<ReturnType<typeof listenTcp>>;
let runner: Runner;
let client: Client;

before(async () => {
  if (skip !== false) return;
  proxy = await openProxy();
  const { at } = proxy;
  allowed = await listenTcp();
  other = await listenTcp();
  proxy.names.set('allowed.example.com', ['127.0.0.1']);
  proxy.names.set('other.example.com', ['127.0.0.1']);
  const program = join(at.dataDir, '..', `${at.dataDir.split('/').at(-1)}-program`);
  mkdirSync(program);
  writeFileSync(join(program, 'package.json'), '{ "type": "module" }');
  cpSync(new URL('../../fakes/prying-server.ts', import.meta.url).pathname, join(program, 'server.ts'));
  runner = await startTestRunner(at, {
    sandbox,
    overrides: { proxyOrigin: `http://127.0.0.1:${proxy.gateway.proxyPort}` },
  });
  await at.prisma.stdioCommand.create({
    data: { name: 'prying', argv: [process.execPath, join(program, 'server.ts')] },
  });
  const server = serverCreateSchema.parse({ transport: 'stdio', name: 'prying', command: 'prying' });
  assert.ok((await registerServer(at, at.admin, server)).ok);
  await acceptFound(at, 'prying');
  for (const tool of ['dial', 'tunnel', 'env', 'read']) {
    assert.ok((await changeTool(at, at.admin, 'prying', tool, { tier: 'low', reason: 'the test calls it' })).ok);
  }
  await allow(at, 'server:prying', { host: 'allowed.example.com', port: allowed.port });
  const { token } = await agentWithToken(at, { name: 'bot', servers: ['prying'] }, '/mcp/prying');
  // The gateway runs already; it hears of the token in a moment.
  client = await eventually('the token is known', () =>
    connectClient(proxy.gateway, '/mcp/prying', token).catch(() => null),
  );
});
after(async () => {
  await client?.close();
  await runner?.close();
  await allowed?.close();
  await other?.close();
  await proxy?.close();
});

const call = async (name: string, args: Readonly<Record<string, string>>) => {
  const { content } = await client.callTool({ name, arguments: args });
  return JSON.stringify(content);
};

test('a program reaches what its own list names, through the proxy only', { skip }, async () => {
  const through = await call('tunnel', { target: `allowed.example.com:${allowed.port}` });
  assert.match(through, /HTTP\/1\.1 200/);
  assert.equal(allowed.connections(), 1);
  assert.match(await call('dial', { host: '127.0.0.1', port: String(allowed.port) }), /refused: /);
  assert.equal(allowed.connections(), 1);
});

test('a program reaches nothing that its list does not name: the other listener saw no connection', {
  skip,
}, async () => {
  assert.match(await call('tunnel', { target: `other.example.com:${other.port}` }), /HTTP\/1\.1 403/);
  assert.match(await call('tunnel', { target: `127.0.0.1:${other.port}` }), /HTTP\/1\.1 403/);
  assert.match(await call('dial', { host: '127.0.0.1', port: String(other.port) }), /refused: /);
  assert.equal(other.connections(), 0);
});
