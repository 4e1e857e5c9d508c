// An MCP server that asks for a credential and keeps every byte of the headers that reached it. Written by hand: what it does
// with a secret (echo it, redirect, refuse it) no SDK would do.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

export type CredentialedUpstream = {
  readonly url: string;
  readonly port: number;
  /** Raw header blocks and bodies of every request, oldest first. */
  readonly seen: string[];
  /** What `authorization` (or the header asked for) must be; null: anything goes. */
  accepts: ((headers: IncomingMessage['headers']) => boolean) | null;
  /** What it does with tools/call. */
  mode: 'answer' | 'echo-result' | 'echo-error' | 'redirect' | 'echo-401' | 'wait';
  redirectTo: string;
  /** Authorizations of tools/call, in the order of arrival. */
  readonly calls: (string | undefined)[];
  /** Sessions that were opened, and ended with DELETE. */
  readonly sessions: { opened: number; ended: number };
  release(): void;
  arrived(count: number): Promise<void>;
  close(): Promise<void>;
};

const rpcSchema = z.object({ id: z.union([z.string(), z.number()]).optional(), method: z.string() });

/** Starts one on a free loopback port, with the tools `echo` and `write`. */
export async function startCredentialedUpstream(): Promise<CredentialedUpstream> {
  const waiting = new Set<() => void>();
  const arrivals = new Set<() => void>();
  const http = createServer((request, response) => void answer(request, response));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks).toString('utf8');
    fake.seen.push(`${request.method} ${request.url}\n${request.rawHeaders.join('\n')}\n\n${body}`);
    const echo = request.headers.authorization ?? Object.values(request.headers).join(' ');
    if (fake.accepts !== null && !fake.accepts(request.headers)) {
      response.writeHead(401, { 'content-type': 'application/json', 'www-authenticate': 'Bearer' });
      response.end(JSON.stringify({ error: `bad token: ${echo}` }));
      return;
    }
    if (request.method === 'DELETE') {
      fake.sessions.ended++;
      response.writeHead(200).end();
      return;
    }
    if (request.method !== 'POST') {
      response.writeHead(405).end();
      return;
    }
    const rpc = rpcSchema.parse(JSON.parse(body));
    const reply = (result: unknown, headers: Record<string, string> = {}) => {
      response.writeHead(200, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify({ jsonrpc: '2.0', id: rpc.id, result }));
    };
    if (rpc.id === undefined) {
      response.writeHead(202).end();
      return;
    }
    if (rpc.method === 'initialize') {
      fake.sessions.opened++;
      const about = {
        protocolVersion: '2025-11-25',
        capabilities: { tools: {} },
        serverInfo: { name: 'x', version: '1' },
      };
      reply(about, { 'mcp-session-id': `s-${fake.sessions.opened}` });
      return;
    }
    if (rpc.method === 'tools/list') {
      const inputSchema = { type: 'object' };
      reply({ tools: ['echo', 'write'].map((name) => ({ name, description: `Tool ${name}.`, inputSchema })) });
      return;
    }
    fake.calls.push(request.headers.authorization);
    for (const wake of arrivals) wake();
    if (fake.mode === 'wait') await new Promise<void>((resolve) => waiting.add(resolve));
    if (fake.mode === 'redirect') {
      response.writeHead(307, { location: fake.redirectTo }).end();
    } else if (fake.mode === 'echo-401') {
      response.writeHead(401, { 'content-type': 'text/plain' }).end(`bad token: ${echo}`);
    } else if (fake.mode === 'echo-error') {
      response.writeHead(200, { 'content-type': 'application/json' });
      const error = {
        code: -32000,
        message: `you sent ${echo}`,
        data: { escaped: escapeAll(echo), b64: base64(echo) },
      };
      response.end(JSON.stringify({ jsonrpc: '2.0', id: rpc.id, error }).replaceAll('\\\\u', '\\u'));
    } else {
      const text = fake.mode === 'echo-result' ? `you sent ${echo} ${base64(echo)}` : 'done';
      reply({ content: [{ type: 'text', text }] });
    }
  }

  const port = await new Promise<number>((resolve) => {
    http.listen(0, '127.0.0.1', () => resolve(portOf(http.address())));
  });
  const fake: CredentialedUpstream = {
    url: `http://127.0.0.1:${port}/mcp`,
    port,
    seen: [],
    accepts: null,
    mode: 'answer',
    redirectTo: '',
    calls: [],
    sessions: { opened: 0, ended: 0 },
    release: () => {
      for (const go of waiting) go();
      waiting.clear();
    },
    arrived: (count) =>
      new Promise((resolve) => {
        const look = () => {
          if (fake.calls.length < count) return;
          arrivals.delete(look);
          resolve();
        };
        arrivals.add(look);
        look();
      }),
    close: () =>
      new Promise((resolve) => {
        for (const go of waiting) go();
        http.closeAllConnections();
        http.close(() => resolve());
      }),
  };
  return fake;
}

/** The text as JSON escapes of every character: the same string to whoever parses it. */
function escapeAll(text: string): string {
  return [...text].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}
