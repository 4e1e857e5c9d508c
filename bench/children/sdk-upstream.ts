// An upstream as people build them: the official SDK's server over streamable HTTP, one server and transport per session.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';

const transports = new Map<string, StreamableHTTPServerTransport>();

function newServer(): Server {
  const server = new Server({ name: 'sdk', version: '1.0.0' }, { capabilities: { tools: {} } });
  const inputSchema = { type: 'object' as const, additionalProperties: true };
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: [{ name: 'tool-0', description: 'Says ok.', inputSchema }],
  }));
  server.setRequestHandler(CallToolRequestSchema, () => ({ content: [{ type: 'text', text: 'ok' }] }));
  return server;
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const sent = request.headers['mcp-session-id'];
  const known = typeof sent === 'string' ? transports.get(sent) : undefined;
  if (known !== undefined) return known.handleRequest(request, response);
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: () => randomUUID(),
    enableJsonResponse: true,
    onsessioninitialized: (id) => {
      transports.set(id, transport);
    },
  });
  await newServer().connect(transport);
  await transport.handleRequest(request, response);
}

const http = createServer((request, response) => {
  handle(request, response).catch(() => response.destroy());
});
http.keepAliveTimeout = 60_000;
http.listen(0, '127.0.0.1', () => {
  const address = http.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  process.stdout.write(`http://127.0.0.1:${port}/mcp\n`);
});
