// A real MCP server for tests: the official SDK over streamable HTTP, with sessions, that keeps the exact bytes it received.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListToolsRequestSchema,
  type Tool,
} from '@modelcontextprotocol/sdk/types.js';

export type ReceivedCall = {
  /** The whole body, byte for byte. */
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
};

export type RecordingUpstream = {
  readonly url: string;
  readonly port: number;
  /** Bodies of every tools/call that arrived, oldest first. */
  readonly calls: ReceivedCall[];
  /** `requestId`s of notifications/cancelled that arrived. */
  readonly cancelled: unknown[];
  /** What it lists from now on. */
  tools: Tool[];
  /** The Authorization headers it takes from now on, everything else is 401; null = it asks for none. */
  takes: readonly string[] | null;
  sessions(): number;
  /** Forgets all sessions, as a restarted server would. */
  loseSessions(): void;
  /** Lets the tool `slow` answer; it waits for this. */
  release(): void;
  /** Resolves when that many calls have reached a tool. */
  arrived(count: number): Promise<void>;
  close(): Promise<void>;
};

const anyArguments = { type: 'object' as const, additionalProperties: true };

/** What the fake offers: a tool that answers, one that waits, one that reports progress, one that fails. */
export const RECORDING_TOOLS: Tool[] = [
  { name: 'echo', description: 'Says it back.', inputSchema: anyArguments },
  { name: 'slow', description: 'Answers when told to.', inputSchema: anyArguments },
  { name: 'steps', description: 'Reports progress twice, then answers.', inputSchema: anyArguments },
  { name: 'broken', description: 'Answers with isError.', inputSchema: anyArguments },
  {
    name: 'strict',
    description: 'Takes a path only.',
    inputSchema: {
      type: 'object',
      properties: { path: { type: 'string' } },
      required: ['path'],
      additionalProperties: false,
    },
  },
];

/** Starts the server on a free loopback port. */
export async function startRecordingUpstream(): Promise<RecordingUpstream> {
  const transports = new Map<string, StreamableHTTPServerTransport>();
  const calls: ReceivedCall[] = [];
  const cancelled: unknown[] = [];
  const arrivals = new Set<() => void>();
  let released = Promise.withResolvers<void>();
  const state: Pick<RecordingUpstream, 'tools' | 'takes'> = { tools: RECORDING_TOOLS, takes: null };
  let entered = 0;

  function newServer(): Server {
    const server = new Server({ name: 'recording', version: '1.0.0' }, { capabilities: { tools: {} } });
    server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: state.tools }));
    server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra): Promise<CallToolResult> => {
      const gate = released.promise;
      // Told only now: whoever hears of it may release at once.
      entered++;
      for (const check of arrivals) check();
      if (params.name === 'slow') await gate;
      const says = params.name === 'steps' ? [1, 2] : params.name === 'drip' ? [1] : [];
      if (params._meta?.progressToken !== undefined) {
        for (const progress of says) {
          const progressToken = params._meta.progressToken;
          await extra.sendNotification({
            method: 'notifications/progress',
            params: { progressToken, progress, total: 2 },
          });
        }
      }
      // Has said something and hangs: what is read while a call still runs.
      if (params.name === 'drip') await gate;
      const text = JSON.stringify(params.arguments ?? {});
      return { content: [{ type: 'text', text }], ...(params.name === 'broken' ? { isError: true } : {}) };
    });
    return server;
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    if (state.takes !== null && !state.takes.includes(request.headers.authorization ?? '')) {
      response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
      return;
    }
    const body = Buffer.concat(chunks).toString('utf8');
    const message = body === '' ? undefined : JSON.parse(body);
    if (message?.method === 'tools/call') calls.push({ body, headers: request.headers });
    if (message?.method === 'notifications/cancelled') cancelled.push(message.params.requestId);
    const sent = request.headers['mcp-session-id'];
    const known = typeof sent === 'string' ? transports.get(sent) : undefined;
    if (known !== undefined) return known.handleRequest(request, response, message);
    if (sent !== undefined) {
      response.writeHead(404).end();
      return;
    }
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => {
        transports.set(id, transport);
      },
      onsessionclosed: (id) => {
        transports.delete(id);
      },
    });
    await newServer().connect(transport);
    await transport.handleRequest(request, response, message);
  }

  const http = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  const port = await new Promise<number>((resolve) => {
    http.listen(0, '127.0.0.1', () => {
      const address = http.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  return Object.assign(state, {
    url: `http://127.0.0.1:${port}/mcp`,
    port,
    calls,
    cancelled,
    sessions: () => transports.size,
    loseSessions: () => transports.clear(),
    release: () => {
      released.resolve();
      released = Promise.withResolvers<void>();
    },
    arrived: (count: number) =>
      new Promise<void>((resolve) => {
        const check = () => {
          if (entered < count) return;
          arrivals.delete(check);
          resolve();
        };
        arrivals.add(check);
        check();
      }),
    close: () => {
      released.resolve();
      http.closeAllConnections();
      return new Promise<void>((resolve) => http.close(() => resolve()));
    },
  });
}
