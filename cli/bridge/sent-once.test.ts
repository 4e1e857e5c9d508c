// T15 from the client's side: whatever breaks between the bridge and the gateway, no call is handed over twice.
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { ok } from '#lib/core/result.ts';
import { closeConnections } from './exchange.ts';
import { createGatewayLink, type GatewayLink } from './gateway-link.ts';
import { readLine } from './wire.ts';

/** Ways to fail after the gateway has the call in hand: it may have run. */
const BREAKS = [
  'reset',
  'headers only',
  'half an answer',
  'half a stream',
  'empty answer',
  '502 of a stranger',
  '504 of a stranger',
] as const;
/** Ways of the gateway itself to say that nothing ran. */
const REFUSALS = ['not-ready', 'session-unknown', 'token'] as const;
type Step = (typeof BREAKS)[number] | (typeof REFUSALS)[number];

let script: Step[] = [];
/** The messages that were taken, not refused: each of them may have run. */
const taken: string[] = [];
let url: URL;
const server = createServer((request, response) => void serve(request, response));

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  url = new URL(`http://127.0.0.1:${address.port}/mcp/files`);
});
after(async () => {
  closeConnections();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const raw = Buffer.concat(chunks).toString();
  const { id, method } = JSON.parse(raw);
  const json = (status: number, body: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  const answer = JSON.stringify({ jsonrpc: '2.0', id, result: { protocolVersion: '2025-11-25', content: [] } });
  // Only what the test sends may fail: a repeated handshake is the bridge's own.
  const step = method === 'initialize' || id === undefined ? undefined : script.shift();
  if (step === 'not-ready' || step === 'session-unknown') {
    const status = step === 'not-ready' ? 503 : 404;
    json(status, { jsonrpc: '2.0', id, error: { code: -32001, message: step, data: { code: step } } });
    return;
  }
  if (step === 'token') {
    json(401, { code: 'token-invalid' });
    return;
  }
  taken.push(raw);
  switch (step) {
    case undefined:
      response.writeHead(200, { 'content-type': 'application/json', 'mcp-session-id': 's' }).end(answer);
      return;
    case 'reset':
      request.socket.destroy();
      return;
    case '502 of a stranger':
    case '504 of a stranger':
      response.writeHead(Number(step.slice(0, 3)), { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>');
      return;
    case 'empty answer':
      response.writeHead(200, { 'content-type': 'application/json' }).end();
      return;
    case 'headers only':
    case 'half an answer':
    case 'half a stream': {
      const isStream = step === 'half a stream';
      response.writeHead(200, { 'content-type': isStream ? 'text/event-stream' : 'application/json' });
      const part = isStream
        ? `data: {"jsonrpc":"2.0","method":"notifications/progress","params":{}}\n\ndata: {"js`
        : answer.slice(0, 20);
      if (step === 'headers only') response.flushHeaders();
      else response.write(part);
      setImmediate(() => request.socket.destroy());
    }
  }
}

type Carried = { readonly lines: readonly string[]; readonly times: number };

async function carry(link: GatewayLink, lines: string[], raw: string, steps: readonly Step[]): Promise<Carried> {
  script = [...steps];
  lines.length = 0;
  taken.length = 0;
  await link.carry(readLine(raw), new AbortController().signal);
  return { lines: [...lines], times: taken.filter((one) => one === raw).length };
}

async function open(): Promise<{ readonly link: GatewayLink; readonly lines: string[] }> {
  const lines: string[] = [];
  const tokens = { current: async () => ok('token'), refused: () => true };
  const write = (line: string) => void lines.push(line);
  const link = createGatewayLink({ endpoint: url, tokens, patienceMs: 60_000, write, say: () => undefined });
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } };
  script = [];
  await link.carry(
    readLine(JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params })),
    new AbortController().signal,
  );
  return { link, lines };
}

const call = (id: number) =>
  JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'pay', arguments: { id } } });
const list = (id: number) => JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/list', params: {} });
const refusals = fc.subarray([...REFUSALS]);

test('a call is handed over at most once, and its client gets exactly one answer that says so (T15)', async () => {
  const { link, lines } = await open();
  let id = 1;
  await fc.assert(
    fc.asyncProperty(refusals, fc.constantFrom(...BREAKS), fc.boolean(), async (refused, broken, twice) => {
      const steps: Step[] = [...refused, broken, ...(twice ? [broken] : [])];
      const { lines: got, times } = await carry(link, lines, call(++id), steps);
      assert.equal(times, 1, steps.join(', '));
      const answers = got.filter((line) => JSON.parse(line).id === id);
      assert.equal(answers.length, 1, steps.join(', '));
      assert.match(answers[0] ?? '', /"code":"unknown-outcome"/);
    }),
    { numRuns: 60 },
  );
});

test('a call that was only refused is handed over once, when it can be', async () => {
  const { link, lines } = await open();
  for (const steps of [['not-ready'], ['session-unknown'], ['token'], ['not-ready', 'token']] as const) {
    const { lines: got, times } = await carry(link, lines, call(steps.length), steps);
    assert.equal(times, 1, steps.join(', '));
    assert.match(got.join(''), /"result"/);
  }
});

test('the same breaks do send a question again that changes nothing: they would a call too, were it let', async () => {
  const { link, lines } = await open();
  for (const broken of BREAKS) {
    const { lines: got, times } = await carry(link, lines, list(9), [broken]);
    assert.equal(times, 2, broken);
    assert.equal(got.filter((line) => line.includes('"result"')).length, 1, broken);
  }
});
