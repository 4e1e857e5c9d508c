import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import type { FuzzRequest } from './shapes.ts';

export type Seen = { readonly status: number; readonly text: string; readonly ms: number };

const agent = new Agent({ keepAlive: true, maxSockets: 24 });
/** No answer ever, rather than a slow one: both processes share this machine with whatever else is tested on it. */
const MOST_MS = 60_000;
const RAW_MS = 1_500;

/** Sends one request and answers its status; 0 when the connection was closed instead. Throws when nothing ever comes. */
export function sendFuzz(port: number, host: string, fuzz: FuzzRequest): Promise<Seen> {
  return new Promise((resolve, reject) => {
    const body = fuzz.body === null ? undefined : Buffer.from(fuzz.body);
    const length = body === undefined ? {} : { 'content-length': String(body.length) };
    const headers = { host, ...fuzz.headers, ...length };
    const sent = request({ host: '127.0.0.1', port, agent, method: fuzz.method, path: fuzz.path, headers });
    const late = setTimeout(() => {
      reject(new Error(`no answer within ${MOST_MS} ms: ${requestLine(fuzz)}`));
      sent.destroy();
    }, MOST_MS);
    const startedAt = performance.now();
    const done = (seen: Omit<Seen, 'ms'>) => {
      clearTimeout(late);
      resolve({ ...seen, ms: performance.now() - startedAt });
    };
    sent.on('response', (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => {
        if (chunks.length < 8) chunks.push(chunk);
      });
      answer.on('end', () => done({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }));
      answer.on('error', () => done({ status: answer.statusCode ?? 0, text: '' }));
    });
    sent.on('error', () => done({ status: 0, text: '' }));
    sent.end(body);
  });
}

/** Sends bytes and answers what came back within a moment. */
export function sendRaw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(Buffer.from(bytes, 'latin1')));
    const end = () => {
      clearTimeout(late);
      socket.destroy();
      resolve(text);
    };
    const late = setTimeout(end, RAW_MS);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.on('close', end);
    socket.on('error', end);
  });
}

/** A request in one line, short enough to read. */
export function requestLine({ method, path, headers, body }: FuzzRequest): string {
  const shown = body === null ? 'no body' : String(body).slice(0, 300);
  return `${method} ${path.slice(0, 300)} ${JSON.stringify(headers).slice(0, 500)} ${shown}`;
}

export function closeFuzz(): void {
  agent.destroy();
}
