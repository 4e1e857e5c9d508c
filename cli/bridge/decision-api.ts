// The decision API as a client: may this call run, and how did it end.

import { z } from 'zod';
import { type CallAnswer, callAnswerSchema } from '#lib/contracts/calls.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { backoffMs, pause } from './backoff.ts';
import { type HttpRequest, send, textOf } from './exchange.ts';
import type { TokenSource } from './token-source.ts';
import { parseJson } from './wire.ts';

/** A tool that people have accepted, as far as an agent may know. */
export type AcceptedTool = { readonly name: string; readonly description: string };

export type DecisionFault = { readonly code: string; readonly sentence: string };

export type DecisionApi = {
  /** Asks; `argumentsJson` is the canonical text, sent as it is. Nothing runs by asking, so it may be asked again. */
  ask(call: {
    readonly server: string;
    readonly tool: string;
    readonly argumentsJson: string;
    readonly key: string;
    readonly waitS: number;
    readonly signal: AbortSignal;
  }): Promise<Result<CallAnswer, DecisionFault>>;
  read(callId: string, waitS: number, signal: AbortSignal): Promise<Result<CallAnswer, DecisionFault>>;
  cancel(callId: string): Promise<void>;
  /** Says how the call ended. Saying the same twice is fine, so it is repeated until it is heard or time is up. */
  close(callId: string, outcomeJson: string): Promise<boolean>;
  tools(server: string): Promise<Result<readonly AcceptedTool[], DecisionFault>>;
};

const problemSchema = z.object({ code: z.string(), title: z.string().optional(), detail: z.string().optional() });
const toolsSchema = z.object({ items: z.array(z.object({ name: z.string(), description: z.string() })) });
const TIMEOUT_MS = 15_000;
const CLOSE_TRIES = 6;
const ASK_TRIES = 6;
const NEVER = new AbortController().signal;

export function createDecisionApi(gatewayUrl: URL, tokens: TokenSource): DecisionApi {
  const calls = new URL('/api/v1/calls', gatewayUrl).href;

  /** Sends what may be repeated, until somebody answers with something other than "not now". */
  async function request<T>(
    path: string,
    schema: z.ZodType<T>,
    more: Pick<HttpRequest, 'method' | 'body' | 'timeoutMs'>,
    options: { readonly tries: number; readonly signal: AbortSignal },
  ): Promise<Result<T, DecisionFault>> {
    let last: DecisionFault = { code: 'not-ready', sentence: 'The gateway cannot be reached. Nothing ran.' };
    let isRenewed = false;
    for (let attempt = 0; attempt < options.tries && !options.signal.aborted; attempt++) {
      if (attempt > 0) await pause(backoffMs(attempt - 1, Math.random()), options.signal);
      const token = await tokens.current();
      if (!token.ok) {
        last = { code: token.error.kind === 'refused' ? 'token-invalid' : 'not-ready', sentence: token.error.sentence };
        if (token.error.kind === 'refused') return err(last);
        continue;
      }
      const sent = await send(new URL(`${calls}${path}`), {
        ...more,
        headers: { authorization: `Bearer ${token.value}`, 'content-type': 'application/json' },
        signal: options.signal,
      });
      if (!sent.ok) continue;
      const { status } = sent.value;
      const text = await textOf(sent.value).catch(() => '');
      if (status === 200) {
        const parsed = schema.safeParse(parseJson(text));
        if (parsed.success) return ok(parsed.data);
        continue;
      }
      if (status === 401 && !isRenewed && tokens.refused(token.value)) {
        isRenewed = true;
        attempt--;
        continue;
      }
      const problem = problemSchema.safeParse(parseJson(text));
      if (problem.success) {
        last = { code: problem.data.code, sentence: problem.data.detail ?? problem.data.title ?? problem.data.code };
        if (status < 500 && problem.data.code !== 'idempotency-in-flight') return err(last);
      }
    }
    return err(last);
  }

  return {
    ask: ({ server, tool, argumentsJson, key, waitS, signal }) => {
      const head = JSON.stringify({ server, tool, wait: waitS, idempotencyKey: key }).slice(0, -1);
      const body = `${head},"arguments":${argumentsJson}}`;
      const timeoutMs = waitS * 1000 + TIMEOUT_MS;
      return request('', callAnswerSchema, { method: 'POST', body, timeoutMs }, { tries: ASK_TRIES, signal });
    },
    read: (callId, waitS, signal) =>
      request(
        `/${callId}?wait=${waitS}`,
        callAnswerSchema,
        { method: 'GET', timeoutMs: waitS * 1000 + TIMEOUT_MS },
        { tries: ASK_TRIES, signal },
      ),
    cancel: async (callId) => {
      const more = { method: 'POST', body: '{}', timeoutMs: TIMEOUT_MS } as const;
      await request(`/${callId}/cancel`, callAnswerSchema, more, { tries: 2, signal: NEVER });
    },
    close: async (callId, outcomeJson) => {
      const more = { method: 'POST', body: outcomeJson, timeoutMs: TIMEOUT_MS } as const;
      const said = await request(`/${callId}/outcome`, callAnswerSchema, more, { tries: CLOSE_TRIES, signal: NEVER });
      return said.ok;
    },
    tools: async (server) => {
      const query = `/tools?server=${encodeURIComponent(server)}`;
      const found = await request(
        query,
        toolsSchema,
        { method: 'GET', timeoutMs: TIMEOUT_MS },
        { tries: 3, signal: NEVER },
      );
      return found.ok ? ok(found.value.items) : found;
    },
  };
}
