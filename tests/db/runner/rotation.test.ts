// A stdio server's credential is a variable of its child: a rotation is another child, and what a child echoes is taken out.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { rotateCredential } from '#lib/server/credentials/rotate-credential.ts';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { registerServer } from '#lib/server/servers/register-server.ts';
import { changeTool } from '#lib/server/servers/tag-tool.ts';
import { giveCredential, inDays } from '#tests/fixtures/credentials.ts';
import { acceptFound, agentWithToken, connectClient, eventually, startTestGateway } from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { isAlive } from '#tests/fixtures/prying.ts';

const OLD = 'keyed-canary-0a1b2c3d-old';
const NEXT = 'keyed-canary-9z8y7x6w-next';
const TOOLS = ['which', 'leak', 'slow'];

/** Says which secret it was started with, by its hash; gives it away; or answers only once a file is there. */
const PROGRAM = `
import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
const secret = process.env.TICKETS_TOKEN ?? '';
const which = () => process.pid + ' ' + createHash('sha256').update(secret).digest('hex').slice(0, 16);
const say = (id, result) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n');
const answer = (id, text) => say(id, { content: [{ type: 'text', text }] });
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (method === 'initialize') {
    const serverInfo = { name: 'keyed', version: '1' };
    say(id, { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo });
  } else if (method === 'tools/list') {
    say(id, { tools: ${JSON.stringify(TOOLS)}.map((name) => ({ name, inputSchema: { type: 'object' } })) });
  } else if (method === 'tools/call' && params.name === 'which') {
    answer(id, which());
  } else if (method === 'tools/call' && params.name === 'leak') {
    const text = secret + ' ' + Buffer.from(secret).toString('base64') + ' ' + encodeURIComponent(secret);
    writeFileSync(process.env.HOME + '/leaked', text);
    answer(id, process.env.HOME + ' ' + text);
  } else if (method === 'tools/call') {
    writeFileSync(params.arguments.folder + '/begun', '');
    const wait = setInterval(() => {
      if (!existsSync(params.arguments.folder + '/go')) return;
      clearInterval(wait);
      answer(id, which());
    }, 20);
  }
});`;

let at: Installation;
let gateway: Gateway;
let client: Client;
let folder: string;

before(async () => {
  at = await openInstallation();
  folder = `${at.dataDir}-keyed`;
  mkdirSync(folder);
  writeFileSync(join(folder, 'server.mjs'), PROGRAM);
  await at.prisma.stdioCommand.create({
    data: { name: 'keyed', argv: [process.execPath, join(folder, 'server.mjs')] },
  });
  const about = { transport: 'stdio' as const, name: 'keyed', command: 'keyed', tier: 'low' as const, description: '' };
  assert.ok((await registerServer(at, at.admin, about)).ok);
  const config = { kind: 'env' as const, variable: 'TICKETS_TOKEN' };
  await giveCredential(at, { server: 'keyed', config, secret: OLD, endsAt: inDays(30) });
  await acceptFound(at, 'keyed');
  for (const tool of TOOLS) {
    assert.ok((await changeTool(at, at.admin, 'keyed', tool, { tier: 'low', reason: 'the test calls it' })).ok);
  }
  const { token } = await agentWithToken(at, { name: 'bot', servers: ['keyed'] }, '/mcp/keyed');
  gateway = await startTestGateway(at);
  client = await connectClient(gateway, '/mcp/keyed', token);
});
after(async () => {
  await client?.close();
  await gateway?.close();
  await at?.close();
});

async function call(name: string, args: Readonly<Record<string, string>> = {}): Promise<string> {
  const { content } = await client.callTool({ name, arguments: args });
  const [first] = Array.isArray(content) ? content : [];
  return String(first?.text);
}
async function which(): Promise<{ pid: number; hash: string }> {
  return read(await call('which'));
}
function read(text: string): { pid: number; hash: string } {
  const [pid = '', hash = ''] = text.split(' ');
  return { pid: Number(pid), hash };
}
const hashOf = (secret: string) => createHash('sha256').update(secret).digest('hex').slice(0, 16);

test('what a child gives away of its credential does not reach the agent, though the child did say it', async () => {
  const text = await call('leak');
  assert.equal(text.split('[credential removed]').length, 4, text);
  assert.doesNotMatch(text, /canary/);
  const [home = ''] = text.split(' ');
  const said = readFileSync(join(home, 'leaked'), 'utf8');
  assert.ok(said.includes(OLD) && said.includes(Buffer.from(OLD).toString('base64')));
});

test('a rotation starts another child with the next secret; the old one ends with its last call', async () => {
  const old = await which();
  assert.equal(old.hash, hashOf(OLD), await call('which'));
  const slow = call('slow', { folder });
  await eventually('the slow call', async () => existsSync(join(folder, 'begun')));
  const rotated = await rotateCredential(at, at.admin, 'keyed-key', { secret: NEXT, reason: 'time to' });
  assert.equal(rotated.ok ? rotated.value.state : rotated.error.detail, 'current');
  const next = await eventually('the next child', async () => {
    const now = await which();
    return now.pid === old.pid ? null : now;
  });
  assert.equal(next.hash, hashOf(NEXT));
  assert.ok(isAlive(old.pid), 'a call still runs in it');
  writeFileSync(join(folder, 'go'), '');
  assert.deepEqual(read(await slow), old);
  await eventually('the old child to be gone', async () => !isAlive(old.pid));
  assert.doesNotMatch(await call('leak'), /canary/);
});
