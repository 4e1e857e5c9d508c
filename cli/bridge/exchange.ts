// One HTTP request, and whether it may have reached anybody when it fails.
import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  Agent as PlainAgent,
  request as plainRequest,
} from 'node:http';
import { request as secureRequest, Agent as TlsAgent } from 'node:https';
import { err, ok, type Result } from '#lib/core/result.ts';

export type HttpAnswer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: IncomingMessage;
};

/** `not-sent`: no byte of the request has left, so sending it again cannot run anything twice. `lost`: it may have. */
export type SendFault = { readonly kind: 'not-sent' | 'lost' | 'aborted'; readonly why: string };

export type HttpRequest = {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
  /** Gives up when nothing moves for so long. Absent: never, because a call may wait for people for hours. */
  readonly timeoutMs?: number;
};

const MOST_SOCKETS = 128;
const MOST_BODY_BYTES = 64 * 1024 * 1024;
const settings = { keepAlive: true, maxSockets: MOST_SOCKETS, timeout: 0 };
const plain = new PlainAgent(settings);
const tls = new TlsAgent(settings);

/**
 * Sends one request. Follows no redirect and reads no proxy variable: the token goes to the configured address only.
 *
 * Node's own client, because undici's current release does not run on Node 20, and the built-in fetch gives up on an
 * answer that is silent for five minutes and does not say whether a failed request had left.
 */
export function send(url: URL, request: HttpRequest): Promise<Result<HttpAnswer, SendFault>> {
  if (request.signal?.aborted === true) return Promise.resolve(err({ kind: 'aborted', why: 'taken back' }));
  return new Promise((resolve) => start(url, request, resolve));
}

function start(url: URL, request: HttpRequest, resolve: (result: Result<HttpAnswer, SendFault>) => void): void {
  const isTls = url.protocol === 'https:';
  let isWritten = false;
  const body = request.body === undefined ? undefined : Buffer.from(request.body);
  const sent = (isTls ? secureRequest : plainRequest)(url, {
    method: request.method,
    agent: isTls ? tls : plain,
    headers: { ...request.headers, ...(body === undefined ? {} : { 'content-length': body.length }) },
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  });
  sent.on('socket', (socket) => {
    if (!socket.connecting) isWritten = true;
    else
      socket.once(isTls ? 'secureConnect' : 'connect', () => {
        isWritten = true;
      });
  });
  sent.on('response', (answer) => {
    resolve(ok({ status: answer.statusCode ?? 0, headers: answer.headers, body: answer }));
  });
  sent.on('error', (error) => {
    const why = codeOf(error);
    const isAborted = request.signal?.aborted === true;
    resolve(err({ kind: isAborted ? 'aborted' : isWritten ? 'lost' : 'not-sent', why }));
  });
  if (request.timeoutMs !== undefined) sent.setTimeout(request.timeoutMs, () => sent.destroy(new Error('timed out')));
  sent.end(body);
}

/** The whole body as text. Throws when the connection breaks or when it is beyond all bounds. */
export async function textOf(answer: HttpAnswer): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer.body) {
    const buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    bytes += buffer.length;
    if (bytes > MOST_BODY_BYTES) throw new Error('The answer is too large.');
    chunks.push(buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Lets idle connections go, so that the process can end. */
export function closeConnections(): void {
  plain.destroy();
  tls.destroy();
}

/** The short code of a failure (ECONNREFUSED and the like); messages may quote what was sent. */
function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message.slice(0, 100);
}
