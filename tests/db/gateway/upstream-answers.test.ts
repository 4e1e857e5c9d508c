// Upstreams that answer a call with anything but the answer.
import assert from 'node:assert/strict';
import { createServer, request as httpRequest, type Server, type ServerResponse } from 'node:http';
import { after, before, test } from 'node:test';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { type RecordingUpstream, startRecordingUpstream } from '#tests/fakes/recording-upstream.ts';
import {
  acceptUpstream,
  agentWithToken,
  eventually,
  rawCall,
  recordOf,
  startTestGateway,
} from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';

type Answer = (response: ServerResponse, id: number) => void;

const JSON_TYPE = { 'content-type': 'application/json' };
const STREAM_TYPE = { 'content-type': 'text/event-stream' };

/** What the upstream does instead of answering, and what may be said afterwards about whether the tool has run. */
const CASES: readonly (readonly [string, Answer, 'failed' | 'unknown-outcome'])[] = [
  ['refuses with 400', (r) => r.writeHead(400).end('no'), 'failed'],
  ['asks for a sign-in', (r) => r.writeHead(401).end(), 'failed'],
  ['accepts without a result', (r) => r.writeHead(202).end(), 'unknown-outcome'],
  ['answers with nothing', (r) => r.writeHead(204).end(), 'unknown-outcome'],
  [
    'sends elsewhere',
    (r) => r.writeHead(303, { location: 'http://169.254.169.254/latest/meta-data' }).end(),
    'unknown-outcome',
  ],
  ['breaks', (r) => r.writeHead(500).end('Error: at secret.ts:1'), 'unknown-outcome'],
  ['answers with a page', (r) => r.writeHead(200, { 'content-type': 'text/html' }).end('<p>hi'), 'unknown-outcome'],
  ['breaks off', (r) => r.writeHead(200, JSON_TYPE).write('{"jsonrpc"', () => r.destroy()), 'unknown-outcome'],
  ['hangs up', (r) => r.destroy(), 'unknown-outcome'],
  ['ends its stream early', (r) => r.writeHead(200, STREAM_TYPE).end(': bye\n\n'), 'unknown-outcome'],
  [
    'answers another id',
    (r) => r.writeHead(200, JSON_TYPE).end('{"jsonrpc":"2.0","id":77,"result":{}}'),
    'unknown-outcome',
  ],
  ['answers with a list', (r, id) => r.writeHead(200, JSON_TYPE).end(`[{"id":${id},"result":{}}]`), 'unknown-outcome'],
];

let at: Installation;
let upstream: RecordingUpstream;
let front: { readonly server: Server; readonly port: number };
let gateway: Gateway;
let token: string;
let answer: Answer = (response) => response.destroy();

before(async () => {
  at = await openInstallation();
  upstream = await startRecordingUpstream();
  front = await startFront(upstream.port);
  await acceptUpstream(at, 'odd', { url: `http://127.0.0.1:${front.port}/mcp`, port: front.port }, { echo: 'low' });
  ({ token } = await agentWithToken(at, { name: 'bot', servers: ['odd'] }, '/mcp/odd'));
  gateway = await startTestGateway(at);
});
after(async () => {
  await gateway?.close();
  front?.server.closeAllConnections();
  front?.server.close();
  await upstream?.close();
  await at?.close();
});

/** A real upstream, but for its answers to calls. */
async function startFront(port: number) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    if (body.includes('"method":"tools/call"')) {
      answer(response, JSON.parse(body.toString()).id);
      return;
    }
    const { method, headers, url } = request;
    const onward = httpRequest({ host: '127.0.0.1', port, method, path: url, headers }, (reply) => {
      response.writeHead(reply.statusCode ?? 500, reply.headers);
      reply.pipe(response);
    });
    onward.on('error', () => response.destroy());
    onward.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { server, port: typeof address === 'object' && address !== null ? address.port : 0 };
}

for (const [index, [what, how, status]] of CASES.entries()) {
  test(`an upstream that ${what}: the agent gets a refusal in our words, the log says ${status}`, async () => {
    answer = how;
    const params = { name: 'echo', arguments: { index } };
    const got = await rawCall(gateway, '/mcp/odd', token, { id: index, method: 'tools/call', params });
    assert.equal(got.status, 200);
    const record = recordOf(JSON.parse(got.text).result);
    assert.equal(record.code, 'upstream-failed');
    assert.equal(record.state, status);
    assert.doesNotMatch(got.text, /secret\.ts|169\.254|<p>/);
    const outcome = await eventually('the outcome', async () =>
      (await recordedEvents(at.prisma)).find(
        ({ type, text }) => type === 'call.outcome' && text.includes(record.callId),
      ),
    );
    assert.match(outcome.text, new RegExp(`"status":"${status}"`));
  });
}
