// A closed loop of MCP calls: so many connections, each sends its next call when the last one is answered.
import { type Dispatcher, Pool } from 'undici';
import { percentile } from './fixtures/percentile.ts';

export type LoadTarget = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body of the n-th call. */
  readonly body: (n: number) => string;
};
export type LoadResult = {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly calls: number;
};

export type Answer = { readonly status: number; readonly text: string };

/** Connections to one target, on which calls can be sent. */
export type Sender = { send(n: number): Promise<Answer>; close(): Promise<void> };

/** Opens the way to a target with so many connections; they are made when first needed and kept. */
export function openSender(target: LoadTarget, connections: number): Sender {
  const url = new URL(target.url);
  const pool = new Pool(url.origin, { connections, pipelining: 1, allowH2: false, headersTimeout: 0, bodyTimeout: 0 });
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...target.headers,
  };
  const send = (n: number) =>
    new Promise<Answer>((resolve, reject) => {
      let status = 0;
      let text = '';
      const handler: Dispatcher.DispatchHandler = {
        onRequestStart() {},
        onResponseStart(_controller, code) {
          status = code;
        },
        onResponseData(_controller, chunk) {
          text += chunk.toString('latin1');
        },
        onResponseEnd() {
          resolve({ status, text });
        },
        onResponseError(_controller, error) {
          reject(error);
        },
      };
      pool.dispatch({ path: url.pathname, method: 'POST', headers, body: target.body(n) }, handler);
    });
  return { send, close: () => pool.destroy() };
}

/** Whether a call ran: refusals answer with 200 as well. */
export function hasRun(answer: Answer): boolean {
  return answer.status === 200 && answer.text.includes('"result"') && !answer.text.includes('"isError":true');
}

/** Sends calls for a while. Throws on the first answer that is not a result: a fast refusal is no measurement. */
export async function runLoad(target: LoadTarget, connections: number, durationMs: number): Promise<LoadResult> {
  const sender = openSender(target, connections);
  const latencies: number[] = [];
  const startedAt = performance.now();
  const endsAt = startedAt + durationMs;
  let next = 1;
  const loop = async () => {
    while (performance.now() < endsAt) {
      const sentAt = performance.now();
      const answer = await sender.send(next++);
      latencies.push(performance.now() - sentAt);
      if (!hasRun(answer)) throw new Error(`${target.url} answered ${answer.status}: ${answer.text.slice(0, 300)}`);
    }
  };
  await Promise.all(Array.from({ length: connections }, loop));
  const tookMs = performance.now() - startedAt;
  await sender.close();
  return {
    perSecond: (latencies.length / tookMs) * 1000,
    p50Ms: percentile(latencies, 0.5),
    p95Ms: percentile(latencies, 0.95),
    p99Ms: percentile(latencies, 0.99),
    calls: latencies.length,
  };
}

/** The middle of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** Opens an MCP session and returns the headers that later calls need. */
export async function openSession(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const send = (message: object, more: Readonly<Record<string, string>> = {}) =>
    fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
        ...more,
      },
      body: JSON.stringify({ jsonrpc: '2.0', ...message }),
    });
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1' } };
  const opened = await send({ id: 0, method: 'initialize', params });
  await opened.text();
  if (opened.status !== 200) throw new Error(`${url} answered initialize with ${opened.status}`);
  const session = opened.headers.get('mcp-session-id');
  const all = {
    ...headers,
    'mcp-protocol-version': '2025-11-25',
    ...(session === null ? {} : { 'mcp-session-id': session }),
  };
  const ready = await send({ method: 'notifications/initialized' }, all);
  await ready.text();
  return all;
}
