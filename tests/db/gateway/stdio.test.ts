import assert from 'node:assert/strict';
import { realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { registerServer } from '#lib/server/servers/register-server.ts';
import { changeTool } from '#lib/server/servers/tag-tool.ts';
import {
  acceptFound,
  agentWithToken,
  connectClient,
  eventually,
  pendingRequest,
  recordOf,
  startTestGateway,
  vote,
} from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';

let at: Installation;
let gateway: Gateway;
let client: Client;
let folder: string;

before(async () => {
  at = await openInstallation();
  folder = realpathSync(at.dataDir);
  writeFileSync(join(folder, 'hello.txt'), 'hello from a file');
  const script = new URL(
    '../../../node_modules/@modelcontextprotocol/server-filesystem/dist/index.js',
    import.meta.url,
  );
  await at.prisma.stdioCommand.create({
    data: { name: 'filesystem', argv: [process.execPath, script.pathname, folder] },
  });
  const made = await registerServer(at, at.admin, {
    transport: 'stdio',
    name: 'fs',
    command: 'filesystem',
    tier: 'high',
    description: '',
  });
  assert.ok(made.ok, JSON.stringify(made));
  await acceptFound(at, 'fs');
  await changeTool(at, at.admin, 'fs', 'read_text_file', { tier: 'low', reason: 'scratch folder' });
  const { token } = await agentWithToken(at, { name: 'bot', servers: ['fs'] }, '/mcp/fs');
  gateway = await startTestGateway(at);
  client = await connectClient(gateway, '/mcp/fs', token);
});
after(async () => {
  await client?.close();
  await gateway?.close();
  await at?.close();
});

const readHello = () => client.callTool({ name: 'read_text_file', arguments: { path: join(folder, 'hello.txt') } });

test('a stdio server runs as one child and many calls at once each get their own answer', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  for (const name of names) writeFileSync(join(folder, name), `content of ${name}`);
  const results = await Promise.all(
    names.map((name) => client.callTool({ name: 'read_text_file', arguments: { path: join(folder, name) } })),
  );
  for (const [i, result] of results.entries())
    assert.match(JSON.stringify(result.content), new RegExp(`content of ${names[i]}`));
});

test('a held call to a stdio server runs after approval', async () => {
  const path = join(folder, 'written.txt');
  const calling = client.callTool({ name: 'write_file', arguments: { path, content: 'approved' } });
  const request = await pendingRequest(at, 'write_file');
  await vote(at, request.id, 'approve');
  const result = await calling;
  assert.notEqual(result.isError, true);
  const { readFileSync } = await import('node:fs');
  assert.equal(readFileSync(path, 'utf8'), 'approved');
});

test('a child that dies is started again, and the gateway says what it knows meanwhile', async () => {
  const { execFileSync } = await import('node:child_process');
  // The runner's keeper stands between us and the program.
  const children = execFileSync('ps', ['-e', '-o', 'pid=,args='], { encoding: 'utf8' });
  const pid = children
    .split('\n')
    .find((line) => line.includes('server-filesystem') && line.includes(folder) && !line.includes('keeper'))
    ?.trim()
    .split(' ')[0];
  assert.ok(pid, children);
  process.kill(Number(pid), 'SIGKILL');
  const healed = await eventually('the server is back', async () => {
    const result = await readHello();
    if (result.isError === true) assert.equal(recordOf(result).code, 'upstream-failed');
    return result.isError === true ? null : result;
  });
  assert.match(JSON.stringify(healed.content), /hello from a file/);
});
