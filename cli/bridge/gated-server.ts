// A local stdio server behind the gateway's decision: the client sees the server, and every tool call is asked about first.
import { isJsonObject, type JsonObject, type JsonValue, ownValue } from '#lib/core/json/value.ts';
import { err } from '#lib/core/result.ts';
import { idKey, isRpcId } from '#lib/server/gateway/json-rpc.ts';
import type { AcceptedTool, DecisionApi } from './decision-api.ts';
import type { BridgeEnd } from './gateway-bridge.ts';
import { type JudgedParts, runJudgedCall } from './judged-call.ts';
import { linesOf } from './lines.ts';
import { startLocalChild } from './local-child.ts';
import { untilAborted } from './until-aborted.ts';
import { errorLine, type RequestMessage, readStrictLine } from './wire.ts';

export type GatedServerOptions = {
  readonly server: string;
  readonly command: readonly string[];
  readonly api: DecisionApi;
  readonly holdMs: number;
  readonly input: AsyncIterable<unknown>;
  readonly write: (line: string) => void;
  readonly say: (sentence: string) => void;
  readonly stop: AbortSignal;
};

/** What reaches the local server without being asked about: none of it makes a tool do anything. */
const PASSED = new Set(['initialize', 'ping', 'logging/setLevel', 'server/discover', 'tools/list']);
/** What the local server may say by itself. Its requests (sampling, elicitation, roots) would be a way around the gateway. */
const HEARD = new Set(['notifications/progress', 'notifications/message', 'notifications/tools/list_changed']);
const OFFERED = new Set(['tools', 'logging']);

/**
 * Runs until the client goes or the local server ends. Fails closed: without the gateway no tool is listed and no call
 * runs. Resources, prompts and completions are not offered, because their declaration says tools only.
 */
export async function runGatedServer(options: GatedServerOptions): Promise<BridgeEnd> {
  const { server, command, api, holdMs, input, write, say, stop } = options;
  const open = new Map<string, AbortController>();
  const over = new AbortController();
  const end = () => over.abort();
  stop.addEventListener('abort', end, { once: true });
  const child = startLocalChild(command, {
    onMessage: (message, raw) => {
      const method = ownValue(message, 'method');
      const id = ownValue(message, 'id');
      if (isRpcId(id)) child.tell(errorLine(id, 'not-allowed', 'A local server may not ask its client.'));
      else if (typeof method === 'string' && HEARD.has(method)) write(raw);
    },
  });
  let clientLeft = false;
  void child.ended.then((how) => {
    if (!clientLeft) say(`The local server ended (${how}).`);
    end();
  });
  const parts: JudgedParts = { server, api, child, holdMs, write };

  async function answer(request: RequestMessage, signal: AbortSignal): Promise<void> {
    if (request.method === 'tools/call') return runJudgedCall(parts, request, signal);
    if (!PASSED.has(request.method)) {
      write(errorLine(request.id, 'not-found', 'Method not found'));
      return;
    }
    const got = await child.ask(request.raw, request.id, signal);
    if (got === null) {
      if (!signal.aborted) write(errorLine(request.id, 'upstream-failed', 'The local server ended.'));
      return;
    }
    const result = ownValue(got.body, 'result');
    if (!isJsonObject(result)) write(got.raw);
    else if (request.method === 'tools/list') {
      const accepted = await api.tools(server);
      if (accepted.ok) write(JSON.stringify({ ...got.body, result: onlyAccepted(result, accepted.value) }));
      else write(errorLine(request.id, 'not-ready', accepted.error.sentence));
    } else write(JSON.stringify({ ...got.body, result: onlyTools(result) }));
  }

  async function take(request: RequestMessage): Promise<void> {
    const key = idKey(request.id);
    if (open.has(key)) {
      write(errorLine(request.id, 'invalid-request', 'A request with this id is still open.'));
      return;
    }
    const gone = new AbortController();
    open.set(key, gone);
    try {
      await answer(request, gone.signal);
    } finally {
      open.delete(key);
    }
  }

  const work = new Set<Promise<void>>();
  for await (const line of untilAborted(linesOf(input), over.signal)) {
    const read = line === null ? err({ id: null, code: 'args-too-large' as const }) : readStrictLine(line);
    if (!read.ok) {
      write(errorLine(read.error.id, read.error.code));
      continue;
    }
    const message = read.value;
    if (message.kind === 'request') {
      const job = take(message);
      work.add(job);
      void job.finally(() => work.delete(job));
    } else if (message.kind === 'notification') {
      const id = ownValue(message.params, 'requestId');
      if (message.method !== 'notifications/cancelled') child.tell(message.raw);
      else if (isRpcId(id)) open.get(idKey(id))?.abort();
    }
  }
  clientLeft = true;
  stop.removeEventListener('abort', end);
  // What waits for people is taken back: the server that would run it ends with its client.
  for (const gone of open.values()) gone.abort();
  await Promise.all(work);
  await child.stop();
  const how = await child.ended;
  return over.signal.aborted && !stop.aborted && how !== 0 ? 'refused' : 'done';
}

/** The tools people accepted, under the description they accepted; anything else a server lists stays unseen. */
function onlyAccepted(result: JsonObject, accepted: readonly AcceptedTool[]): JsonObject {
  const listed = ownValue(result, 'tools');
  const tools: JsonValue[] = [];
  for (const tool of Array.isArray(listed) ? listed : []) {
    const name = isJsonObject(tool) ? ownValue(tool, 'name') : undefined;
    const known = accepted.find((one) => one.name === name);
    if (known === undefined || !isJsonObject(tool)) continue;
    tools.push(known.description === '' ? tool : { ...tool, description: known.description });
  }
  return { ...result, tools };
}

function onlyTools(result: JsonObject): JsonObject {
  const offered = ownValue(result, 'capabilities');
  if (!isJsonObject(offered)) return result;
  const capabilities = Object.fromEntries(Object.entries(offered).filter(([name]) => OFFERED.has(name)));
  return { ...result, capabilities };
}
