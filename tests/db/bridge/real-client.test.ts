// The whole way of a client as people install it: the official SDK over stdio, the bridge as a process of its own, a key
// pair of the agent, the gateway's own token endpoint.
import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { requestToken } from '#cli/bridge/token-endpoint.ts';
import { buildAgentFile } from '#lib/server/agent-file/build-agent-file.ts';
import { revokeKey } from '#lib/server/agents/public-keys.ts';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import type { RecordingUpstream } from '#tests/fakes/recording-upstream.ts';
import { makeAgent } from '#tests/fixtures/agents.ts';
import { eventually, pendingRequest, rawCall, vote } from '#tests/fixtures/gateway.ts';
import type { Installation } from '#tests/fixtures/installation.ts';
import { registerKey } from '#tests/fixtures/oauth-client.ts';
import { type Bridged, closeBridged, openBridged, startBridge } from './running-bridge.ts';

const NAME = 'signs';
const ROUNDS = { timeout: 120_000 };
let at: Installation;
let upstream: RecordingUpstream;
let gateway: Gateway;
let place: Bridged['place'];
let secrets: Bridged['secrets'];
let clientId: string;
let keyFile: string;
let keyId: string;

before(async () => {
  ({ at, upstream, place, gateway, secrets } = await openBridged({ echo: 'high', steps: 'low' }));
  ({ clientId } = await makeAgent(at, { name: NAME, servers: ['files'] }));
  const key = await registerKey(at, NAME);
  keyId = key.keyId;
  keyFile = secrets.put('key.jwk', JSON.stringify(key.privateKey.export({ format: 'jwk' })));
});
after(() => closeBridged({ at, upstream, gateway, secrets }));

const LIST = { id: 1, method: 'tools/call', params: { name: 'steps', arguments: { a: 1 } } };
const isOpaque = (token: string) => /^cs_[A-Za-z0-9_-]{43}$/.test(token);

test("the agent's key gets a token of either form from the real endpoint, and both are good for calls", async () => {
  const key = createPrivateKey({ key: JSON.parse(readFileSync(keyFile, 'utf8')), format: 'jwk' });
  for (const format of ['opaque', 'jwt'] as const) {
    const credentials = { kind: 'key', clientId, key, kid: null } as const;
    const got = await requestToken(new URL(place.url), credentials, '/mcp/files', format);
    assert.ok(got.ok, JSON.stringify(got));
    assert.equal(isOpaque(got.value.value), format === 'opaque');
    const answer = await eventually('the gateway to know the token', async () => {
      const { status, text } = await rawCall(gateway, '/mcp/files', got.value.value, LIST);
      return status === 200 ? text : null;
    });
    assert.match(answer, /\{\\"a\\":1\}/);
    const elsewhere = await rawCall(gateway, '/mcp', got.value.value, LIST);
    assert.equal(elsewhere.status, 401);
  }
});

test('a fixed header is kept fresh by the key: the file holds a token that is good, for its owner only', async () => {
  const file = join(secrets.path, 'renewed');
  const bridge = startBridge({
    url: place.url,
    clientId,
    keyFile,
    renewTokenFile: file,
    audience: '/mcp/files',
    once: true,
  });
  assert.equal(await bridge.ended, 0, bridge.said.join(' '));
  const token = readFileSync(file, 'utf8').trim();
  assert.ok(isOpaque(token));
  await eventually(
    'the token to be good',
    async () => (await rawCall(gateway, '/mcp/files', token, LIST)).status === 200,
  );
});

async function throughProcess(script: string, work: (client: Client, pid: number) => Promise<void>): Promise<string> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [script, 'bridge', 'files', '--url', place.url, '--client-id', clientId, '--key-file', keyFile],
    stderr: 'pipe',
  });
  let said = '';
  transport.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const client = new Client({ name: 'test-client', version: '1' });
  await client.connect(transport);
  const { pid } = transport;
  assert.ok(pid !== null);
  try {
    await work(client, pid);
  } finally {
    await client.close();
  }
  await eventually('the bridge to end', async () => !isAlive(pid));
  return said;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test(
  'the official client calls through the bridge as a process: a held call runs once, after the approval',
  ROUNDS,
  async () => {
    const bundle = join(secrets.path, 'countersign.mjs');
    cpSync(await buildAgentFile(process.cwd()), bundle);
    for (const script of ['cli/countersign.mjs', bundle]) {
      const note = script === bundle ? 'bundled' : 'installed';
      const said = await throughProcess(script, async (client) => {
        const { tools } = await client.listTools();
        assert.ok(tools.some(({ name }) => name === 'echo'));
        const before = upstream.calls.length;
        const held = client.callTool({ name: 'echo', arguments: { note } });
        const request = await pendingRequest(at, 'echo');
        assert.equal(upstream.calls.length, before, 'nothing runs before the decision');
        await vote(at, request.id, 'approve');
        assert.match(JSON.stringify(await held), new RegExp(note));
        assert.equal(upstream.calls.length, before + 1);
        const denied = client.callTool({ name: 'echo', arguments: { note: `${note} again` } });
        await vote(at, (await pendingRequest(at, 'echo')).id, 'deny');
        assert.match(JSON.stringify(await denied), /denied-by-human/);
        assert.equal(upstream.calls.length, before + 1);
      });
      assert.equal(said, '', `${script} said something`);
    }
  },
);

test('without its key the process ends and says why, and nothing runs', ROUNDS, async () => {
  const revoked = await revokeKey(at, at.admin, NAME, keyId);
  assert.ok(revoked.ok, JSON.stringify(revoked));
  const before = upstream.calls.length;
  await assert.rejects(throughProcess('cli/countersign.mjs', async () => undefined));
  assert.equal(upstream.calls.length, before);
});
