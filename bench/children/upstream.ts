// The upstream of the benchmarks, in a process of its own: node:http, no SDK, as fast as an upstream can be. Prints its URL.
// Arguments: how many tools it lists (tool-0, tool-1, …), and "count" to remember calls by their argument `path`.
// GET /seen answers when each tool was last called, in ms since 1970; GET /counted how often each path was asked for.
import { createServer } from 'node:http';

const tools = Array.from({ length: Number(process.argv[2] ?? 1) }, (_, n) => ({
  name: `tool-${n}`,
  description: 'Says ok.',
  inputSchema: { type: 'object', additionalProperties: true },
}));
const seen = new Map<string, number>();
const counts = process.argv[3] === 'count';
const counted = new Map<string, number>();
const LIST = `,"result":{"tools":${JSON.stringify(tools)}}}`;
const OK = ',"result":{"content":[{"type":"text","text":"ok"}]}}';

const server = createServer((request, response) => {
  if (request.method !== 'POST') {
    const asked = request.url === '/seen' ? seen : request.url === '/counted' ? counted : null;
    const body = asked === null ? '' : JSON.stringify(Object.fromEntries(asked));
    response.writeHead(body === '' ? 405 : 200, { 'content-type': 'application/json' }).end(body);
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
    // Everything read stands at the ends of the text; 64 KiB of arguments between them are not looked at.
    const head = body.toString('latin1', 0, 2_000);
    const tool = /"name":"(tool-\d+)"/.exec(head)?.[1] ?? /"name":"(tool-\d+)"/.exec(body.toString('latin1'))?.[1];
    if (tool !== undefined) seen.set(tool, performance.timeOrigin + performance.now());
    const path = counts ? /"path":"([^"]+)"/.exec(head)?.[1] : undefined;
    if (path !== undefined) counted.set(path, (counted.get(path) ?? 0) + 1);
    if (head.includes('"method":"notifications/')) {
      response.writeHead(202).end();
      return;
    }
    const id =
      /"id":("[^"]*"|-?\d+)/.exec(head)?.[1] ?? /"id":("[^"]*"|-?\d+)/.exec(body.toString('latin1'))?.[1] ?? 'null';
    const text = `{"jsonrpc":"2.0","id":${id}${answerTo(head)}`;
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    response.end(text);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  process.stdout.write(`http://127.0.0.1:${port}/mcp\n`);
});

function answerTo(head: string): string {
  if (head.includes('"method":"initialize"')) {
    // The version that was asked for: one of the peers knows none newer than 2025-06-18.
    const version = /"protocolVersion":"([\d-]+)"/.exec(head)?.[1] ?? '2025-11-25';
    return `,"result":{"protocolVersion":"${version}","capabilities":{"tools":{}},"serverInfo":{"name":"upstream","version":"1"}}}`;
  }
  return head.includes('"method":"tools/list"') ? LIST : OK;
}
