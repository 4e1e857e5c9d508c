// The floor: a bare reverse proxy on node:http, both sides kept alive. Takes the upstream's URL, prints its own.
import { Agent, createServer, request as forward } from 'node:http';

const upstream = new URL(process.argv[2] ?? '');
const agent = new Agent({ keepAlive: true, maxSockets: 256 });
const server = createServer((request, response) => {
  const options = {
    host: upstream.hostname,
    port: upstream.port,
    path: upstream.pathname,
    method: request.method,
    agent,
  };
  const outgoing = forward({ ...options, headers: request.headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.on('error', () => response.destroy());
  request.pipe(outgoing);
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  process.stdout.write(`http://127.0.0.1:${port}/mcp\n`);
});
