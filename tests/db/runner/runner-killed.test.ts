import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { serverCreateSchema } from '#lib/contracts/servers.ts';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { registerServer } from '#lib/server/servers/register-server.ts';
import { changeTool } from '#lib/server/servers/tag-tool.ts';
import {
  acceptFound,
  agentWithToken,
  connectClient,
  eventually,
  recordOf,
  startTestGateway,
} from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';

const SCRIPT = new URL('../../fakes/runner-process.ts', import.meta.url).pathname;
const PROGRAM = new URL('../../fakes/prying-server.ts', import.meta.url).pathname;
const ARGV = [process.execPath, PROGRAM];

let at: Installation;
let runner: ChildProcess;
let gateway: Gateway;
let client: Client;

const startRunner = async () => {
  const started = spawn(process.execPath, [SCRIPT, at.dataDir, 'none', ...ARGV], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(started.stdout, 'data');
  return started;
};

before(async () => {
  at = await openInstallation();
  runner = await startRunner();
  await at.prisma.stdioCommand.create({ data: { name: 'prying', argv: ARGV } });
  const server = serverCreateSchema.parse({ transport: 'stdio', name: 'prying', command: 'prying' });
  assert.ok((await registerServer(at, at.admin, server)).ok);
  await acceptFound(at, 'prying');
  for (const tool of ['see', 'wait']) {
    assert.ok((await changeTool(at, at.admin, 'prying', tool, { tier: 'low', reason: 'the test calls it' })).ok);
  }
  const { token } = await agentWithToken(at, { name: 'bot', servers: ['prying'] }, '/mcp/prying');
  gateway = await startTestGateway(at);
  client = await connectClient(gateway, '/mcp/prying', token);
});
after(async () => {
  await client?.close();
  await gateway?.close();
  runner?.kill('SIGKILL');
  await at?.close();
});

test('a call that runs when the runner is killed has an unknown outcome, and the next one works again', async () => {
  assert.notEqual((await client.callTool({ name: 'see', arguments: { path: '/usr' } })).isError, true);
  const running = client.callTool({ name: 'wait', arguments: {} });
  await eventually('the call is on its way', async () =>
    (await recordedEvents(at.prisma)).some(({ type, text }) => type === 'call.intent' && text.includes('"wait"')),
  );
  runner.kill('SIGKILL');
  const result = await running;
  assert.equal(result.isError, true);
  assert.equal(recordOf(result).code, 'upstream-failed');
  await eventually('the outcome is written down as unknown', async () =>
    /unknown-outcome/.test(
      (await recordedEvents(at.prisma)).findLast(({ type }) => type === 'call.outcome')?.text ?? '',
    ),
  );
  // Nobody starts it elsewhere meanwhile, and the refusal says what to do.
  const refused = await client.callTool({ name: 'see', arguments: { path: '/usr' } });
  assert.match(JSON.stringify(refused), /runner does not answer/);
  runner = await startRunner();
  const again = await client.callTool({ name: 'see', arguments: { path: '/usr' } });
  assert.notEqual(again.isError, true, JSON.stringify(again));
});
