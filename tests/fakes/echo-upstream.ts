// The fastest upstream there is: node:http, no SDK. For measuring the gateway, not for believing in it.
import { createServer, type Server } from 'node:http';

export type EchoUpstream = { readonly url: string; readonly port: number; close(): Promise<void> };

const RESULT = ',"result":{"content":[{"type":"text","text":"ok"}]}}';

/** Answers initialize, tools/list and tools/call with prepared text; the id is cut out of the body, nothing is parsed. */
export async function startEchoUpstream(port = 0): Promise<EchoUpstream> {
  const server: Server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      if (body.includes('"method":"notifications/')) {
        response.writeHead(202).end();
        return;
      }
      const id = /"id":("[^"]*"|-?\d+)/.exec(body)?.[1] ?? 'null';
      const text = `{"jsonrpc":"2.0","id":${id}${answerTo(body)}`;
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
      response.end(text);
    });
  });
  server.keepAliveTimeout = 60_000;
  const bound = await new Promise<number>((resolve) => {
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  return {
    url: `http://127.0.0.1:${bound}/mcp`,
    port: bound,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function answerTo(body: string): string {
  if (body.includes('"method":"initialize"')) {
    return ',"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"echo","version":"1"}}}';
  }
  if (body.includes('"method":"tools/list"')) {
    return ',"result":{"tools":[{"name":"echo","description":"Says ok.","inputSchema":{"type":"object","additionalProperties":true}}]}}';
  }
  return RESULT;
}
