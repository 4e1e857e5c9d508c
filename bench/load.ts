// A closed loop of MCP calls: so many connections, each sends its next call when the last one is answered.
import { type Dispatcher, Pool } from 'undici';

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

/** Sends calls for a while. Throws on the first answer that is not a result: a fast refusal is no measurement. */
export async function runLoad(target: LoadTarget, connections: number, durationMs: number): Promise<LoadResult> {
  const url = new URL(target.url);
  const pool = new Pool(url.origin, { connections, pipelining: 1, allowH2: false });
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...target.headers,
  };
  const latencies: number[] = [];
  const startedAt = performance.now();
  const endsAt = startedAt + durationMs;
  let next = 1;

  const once = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const sentAt = performance.now();
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
          latencies.push(performance.now() - sentAt);
          if (status === 200 && text.includes('"result"') && !text.includes('"isError":true')) resolve();
          else reject(new Error(`${target.url} answered ${status}: ${text.slice(0, 300)}`));
        },
        onResponseError(_controller, error) {
          reject(error);
        },
      };
      pool.dispatch({ path: url.pathname, method: 'POST', headers, body: target.body(next++) }, handler);
    });
  const loop = async () => {
    while (performance.now() < endsAt) await once();
  };
  await Promise.all(Array.from({ length: connections }, loop));
  const tookMs = performance.now() - startedAt;
  await pool.destroy();
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return {
    perSecond: (latencies.length / tookMs) * 1000,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
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
