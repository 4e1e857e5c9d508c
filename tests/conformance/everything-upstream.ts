// An upstream with everything that the official conformance suite asks for: tools, resources, prompts, completion, logging.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import {
  CallToolRequestSchema,
  CompleteRequestSchema,
  ErrorCode,
  GetPromptRequestSchema,
  type GetPromptResult,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  McpError,
  ReadResourceRequestSchema,
  SetLevelRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { EVERYTHING_TOOLS, PNG, runEverythingTool } from './everything-tools.ts';

export type EverythingUpstream = {
  readonly url: string;
  readonly port: number;
  /** Method of every request that arrived, oldest first. */
  readonly methods: string[];
  /** Errors that it got for requests of its own. */
  readonly refusals: unknown[];
  close(): Promise<void>;
};

const CAPABILITIES = { tools: {}, resources: { subscribe: true }, prompts: {}, completions: {}, logging: {} };
const RESOURCES = [
  { uri: 'test://static-text', name: 'static text', description: 'A text.', mimeType: 'text/plain' },
  { uri: 'test://static-binary', name: 'static binary', description: 'A pixel.', mimeType: 'image/png' },
  { uri: 'test://watched-resource', name: 'watched', description: 'A text.', mimeType: 'text/plain' },
];
const PROMPTS = [
  { name: 'test_simple_prompt', description: 'Simple.' },
  {
    name: 'test_prompt_with_arguments',
    description: 'With arguments.',
    arguments: [
      { name: 'arg1', description: 'First.', required: true },
      { name: 'arg2', description: 'Second.', required: true },
    ],
  },
  {
    name: 'test_prompt_with_embedded_resource',
    description: 'With a resource.',
    arguments: [{ name: 'resourceUri', description: 'Which.', required: true }],
  },
  { name: 'test_prompt_with_image', description: 'With an image.' },
];

/** Starts it on a free loopback port. */
export async function startEverythingUpstream(): Promise<EverythingUpstream> {
  const transports = new Map<string, StreamableHTTPServerTransport>();
  const methods: string[] = [];
  const refusals: unknown[] = [];

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString('utf8');
    const message = body === '' ? undefined : JSON.parse(body);
    if (typeof message?.method === 'string') methods.push(message.method);
    else if (message?.error !== undefined) refusals.push(message.error);
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
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    port,
    methods,
    refusals,
    close: () => {
      http.closeAllConnections();
      return new Promise((resolve) => http.close(() => resolve()));
    },
  };
}

function newServer(): Server {
  const server = new Server({ name: 'everything', version: '1.0.0' }, { capabilities: CAPABILITIES });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [...EVERYTHING_TOOLS] }));
  server.setRequestHandler(CallToolRequestSchema, ({ params }, extra) => runEverythingTool(params, extra));
  server.setRequestHandler(ListResourcesRequestSchema, () => ({ resources: RESOURCES }));
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({
    resourceTemplates: [{ uriTemplate: 'test://template/{id}/data', name: 'template', mimeType: 'application/json' }],
  }));
  server.setRequestHandler(ReadResourceRequestSchema, ({ params }) => readResource(params.uri));
  server.setRequestHandler(ListPromptsRequestSchema, () => ({ prompts: PROMPTS }));
  server.setRequestHandler(GetPromptRequestSchema, ({ params }) => getPrompt(params.name, params.arguments ?? {}));
  server.setRequestHandler(CompleteRequestSchema, () => ({
    completion: { values: ['paris', 'park'], hasMore: false },
  }));
  server.setRequestHandler(SetLevelRequestSchema, () => ({}));
  return server;
}

function readResource(uri: string) {
  const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1];
  if (id !== undefined) {
    const said = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` });
    return { contents: [{ uri, mimeType: 'application/json', text: said }] };
  }
  if (uri === 'test://static-binary') return { contents: [{ uri, mimeType: 'image/png', blob: PNG }] };
  if (!RESOURCES.some((resource) => resource.uri === uri)) throw new McpError(-32002, 'No such resource.');
  return { contents: [{ uri, mimeType: 'text/plain', text: 'This is the content of the static text resource.' }] };
}

function getPrompt(name: string, args: Readonly<Record<string, string>>): GetPromptResult {
  const say = (text: string) => ({ role: 'user' as const, content: { type: 'text' as const, text } });
  switch (name) {
    case 'test_simple_prompt':
      return { messages: [say('This is a simple prompt for testing.')] };
    case 'test_prompt_with_arguments':
      return { messages: [say(`Prompt with arguments: arg1='${args.arg1}', arg2='${args.arg2}'`)] };
    case 'test_prompt_with_embedded_resource': {
      const text = 'Embedded resource content for testing.';
      const resource = { uri: args.resourceUri ?? '', mimeType: 'text/plain', text };
      const embedded = { role: 'user' as const, content: { type: 'resource' as const, resource } };
      return { messages: [embedded, say('Please process the embedded resource above.')] };
    }
    case 'test_prompt_with_image': {
      const image = { type: 'image' as const, data: PNG, mimeType: 'image/png' };
      return { messages: [{ role: 'user', content: image }, say('Please analyze the image above.')] };
    }
    default:
      throw new McpError(ErrorCode.InvalidParams, 'No such prompt.');
  }
}
