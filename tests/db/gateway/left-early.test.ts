// What an agent takes back, or walks away from, before its bytes have left the gateway.
import assert from 'node:assert/strict';
import { createServer, request as httpRequest, type Server } from 'node:http';
import { after, before, test } from 'node:test';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { type RecordingUpstream, startRecordingUpstream } from '#tests/fakes/recording-upstream.ts';
import {
  acceptUpstream,
  agentWithToken,
  eventually,
  pendingRequest,
  rawCall,
  startTestGateway,
  vote,
} from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';

let at: Installation;
let upstream: RecordingUpstream;
let slowDoor: { readonly server: Server; readonly port: number };
let gateway: Gateway;
let token: string;
/** While set, the upstream does not answer a handshake. */
let gate: PromiseWithResolvers<void> | null = null;
let handshakes = 0;

before(async () => {
  at = await openInstallation();
  upstream = await startRecordingUpstream();
  slowDoor = await startSlowDoor(upstream.port);
  const behind = { url: `http://127.0.0.1:${slowDoor.port}/mcp`, port: slowDoor.port };
  await acceptUpstream(at, 'files', behind, { echo: 'low', slow: 'high' });
  ({ token } = await agentWithToken(at, { name: 'bot', servers: ['files'] }, '/mcp/files'));
  gateway = await startTestGateway(at);
});
after(async () => {
  gate?.resolve();
  await gateway?.close();
  slowDoor?.server.closeAllConnections();
  slowDoor?.server.close();
  await upstream?.close();
  await at?.close();
});

/** Passes everything on to the upstream, but a handshake only when the gate is open. */
async function startSlowDoor(port: number) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    if (gate !== null && body.includes('"method":"initialize"')) {
      handshakes++;
      await gate.promise;
    }
    const { method, headers, url } = request;
    const onward = httpRequest({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    onward.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { server, port: typeof address === 'object' && address !== null ? address.port : 0 };
}

/** A session of its own, so that the call has to open one with the upstream as well. */
async function newSession(): Promise<Record<string, string>> {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 't', version: '1' } };
  const { headers } = await rawCall(gateway, '/mcp/files', token, { id: 0, method: 'initialize', params });
  return { 'mcp-session-id': headers.get('mcp-session-id') ?? '' };
}

const callOf = (name: string, id: number) => ({ id, method: 'tools/call', params: { name, arguments: { id } } });
const unsent = async () =>
  (await recordedEvents(at.prisma)).filter(
    ({ type, text }) => type === 'call.outcome' && text.includes('"code":"approval-withdrawn"'),
  );

async function whileShut(leave: (headers: Record<string, string>) => Promise<void>): Promise<void> {
  const shut = Promise.withResolvers<void>();
  gate = shut;
  const before = { calls: upstream.calls.length, unsent: (await unsent()).length };
  await leave(await newSession());
  gate = null;
  shut.resolve();
  const told = await eventually('the outcome', async () => (await unsent())[before.unsent]);
  assert.match(told.text, /"status":"failed"/);
  // A call that goes through the same door afterwards shows that the earlier one is not merely late.
  const sound = await rawCall(gateway, '/mcp/files', token, callOf('echo', 99), { headers: await newSession() });
  assert.equal(sound.status, 200);
  assert.equal(upstream.calls.length, before.calls + 1);
  assert.match(upstream.calls.at(-1)?.body ?? '', /"id":99/);
}

test('a call that is cancelled while the upstream is being reached is not sent', async () => {
  await whileShut(async (headers) => {
    const begun = handshakes;
    const answer = rawCall(gateway, '/mcp/files', token, callOf('echo', 1), { headers });
    await eventually('the handshake', async () => handshakes > begun);
    const params = { requestId: 1, reason: 'changed my mind' };
    await rawCall(gateway, '/mcp/files', token, { method: 'notifications/cancelled', params }, { headers });
    assert.match((await answer).text, /approval-withdrawn/);
  });
});

test('a call whose agent has left while the upstream is being reached is not sent', async () => {
  await whileShut(async (headers) => {
    const begun = handshakes;
    const leaving = new AbortController();
    const answer = rawCall(gateway, '/mcp/files', token, callOf('echo', 2), { headers, signal: leaving.signal });
    await eventually('the handshake', async () => handshakes > begun);
    leaving.abort();
    await assert.rejects(answer);
  });
});

test('an approved call whose agent has left before its bytes did is used up and closed as not run', async () => {
  let requestId = '';
  await whileShut(async (headers) => {
    const begun = handshakes;
    const leaving = new AbortController();
    const answer = rawCall(gateway, '/mcp/files', token, callOf('slow', 3), { headers, signal: leaving.signal });
    requestId = (await pendingRequest(at)).id;
    await vote(at, requestId, 'approve');
    await eventually('the handshake', async () => handshakes > begun);
    leaving.abort();
    await assert.rejects(answer);
  });
  assert.equal((await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id: requestId } })).status, 'failed');
});
