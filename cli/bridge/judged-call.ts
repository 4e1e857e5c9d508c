// One tools/call of a local server: asked about, run exactly as allowed, and its end reported before it is told.
import { createHash, randomUUID } from 'node:crypto';
import type { CallAnswer } from '#lib/contracts/calls.ts';
import { canonicalJson } from '#lib/core/json/canonical.ts';
import { parseStrict } from '#lib/core/json/parse-strict.ts';
import { isJsonObject, type JsonObject, ownValue } from '#lib/core/json/value.ts';
import { progressTokenOf } from '#lib/server/gateway/json-rpc.ts';
import type { DecisionApi } from './decision-api.ts';
import type { LocalChild } from './local-child.ts';
import { errorLine, MOST_LINE_BYTES, type RequestMessage, resultLine, unknownLine } from './wire.ts';

export type JudgedParts = {
  readonly server: string;
  readonly api: DecisionApi;
  readonly child: LocalChild;
  /** How long a held call is waited for before the client is told that it is pending. */
  readonly holdMs: number;
  readonly write: (line: string) => void;
};

const MOST_RESULT_BYTES = 1024 * 1024;
const LEG_S = 25;
const ASK_MS = 30_000;
const PROGRESS_EVERY_MS = 10_000;
const TAKE_BACK_MS = 5_000;
const NOT_RUN = JSON.stringify({
  status: 'failed',
  durationMs: 0,
  error: 'The client took the call back before it was run: it did not run.',
});
const ENDED = 'The local server ended while this call was under way.';
const NOT_REPORTED = 'The call ran, and its end could not be recorded at the gateway, so its result is withheld.';

/**
 * Walks one call. The arguments are read strictly once; their canonical text is what people see, what is hashed and what
 * the local server gets, so no two readings can differ. Refuses whatever is not plainly allowed.
 */
export async function runJudgedCall(parts: JudgedParts, request: RequestMessage, signal: AbortSignal): Promise<void> {
  const { api, child, write } = parts;
  const read = parseStrict(request.raw, { maxBytes: MOST_LINE_BYTES });
  const body = read.ok && isJsonObject(read.value) ? read.value : null;
  const sent = body === null ? undefined : ownValue(body, 'params');
  const params = isJsonObject(sent) ? sent : null;
  const tool = params === null ? undefined : ownValue(params, 'name');
  const args = params === null ? undefined : (ownValue(params, 'arguments') ?? {});
  if (!read.ok || params === null || typeof tool !== 'string' || !isJsonObject(args)) {
    write(errorLine(request.id, read.ok ? 'args-invalid' : read.error.code));
    return;
  }
  const argumentsJson = canonicalJson(args);
  const answer = await decide(parts, { request, params, tool, argumentsJson }, signal);
  if (answer === null) return;
  if (!isAllowed(answer)) {
    write(refusalLine(request, answer));
    return;
  }
  // The client's id is used at the local server too: there is one client.
  const meta = ownValue(params, '_meta');
  const localParams = `{"name":${JSON.stringify(tool)},"arguments":${argumentsJson}${
    meta === undefined ? '' : `,"_meta":${canonicalJson(meta)}`
  }}`;
  const line = `{"jsonrpc":"2.0","id":${JSON.stringify(request.id)},"method":"tools/call","params":${localParams}}`;
  const startedAtMs = performance.now();
  const got = await child.ask(line, request.id, signal);
  const durationMs = Math.round(performance.now() - startedAtMs);
  if (got === null) {
    // Nobody knows what it did until then; without a report the gateway says so as well.
    if (signal.aborted) child.tell(cancelledLine(request));
    else write(unknownLine(request, ENDED));
    return;
  }
  const isReported = await api.close(answer.callId, outcomeOf(got.body, durationMs));
  const mustBeRecorded = answer.tier !== 'low' || answer.requestId !== undefined;
  if (!isReported && mustBeRecorded) write(unknownLine(request, NOT_REPORTED));
  else if (!signal.aborted) write(got.raw);
}

type Asked = {
  readonly request: RequestMessage;
  readonly params: JsonObject;
  readonly tool: string;
  readonly argumentsJson: string;
};

/** Asks, and goes on asking while it is held. Null: the client took it back, or has been answered already. */
async function decide(parts: JudgedParts, asked: Asked, signal: AbortSignal): Promise<CallAnswer | null> {
  const { server, api, holdMs, write } = parts;
  const { request, params, tool, argumentsJson } = asked;
  const deadline = Date.now() + holdMs;
  const legS = () => Math.max(0, Math.min(LEG_S, Math.floor((deadline - Date.now()) / 1000)));
  const token = progressTokenOf(params);
  let step = 0;
  const alive = setInterval(() => {
    if (token !== undefined) write(waitingLine(token, ++step));
  }, PROGRESS_EVERY_MS);
  const key = `bridge:${randomUUID()}`;
  let callId: string | null = null;
  try {
    // Without waiting, and to its end whatever the client does: what is taken back must be known by its id.
    let said = await api.ask({ server, tool, argumentsJson, key, waitS: 0, signal: AbortSignal.timeout(ASK_MS) });
    if (said.ok && said.value.decision === 'pending') ({ callId } = said.value);
    while (said.ok && said.value.decision === 'pending' && !signal.aborted) {
      const waitS = legS();
      if (waitS === 0) break;
      said = await api.read(said.value.callId, waitS, signal);
    }
    if (signal.aborted) {
      await takeBack(api, callId, said.ok ? said.value : null);
      return null;
    }
    if (said.ok) return said.value;
    const { code, sentence } = said.error;
    write(
      resultLine(request, {
        content: [{ type: 'text', text: `${sentence} The call did not run. (code: ${code})` }],
        structuredContent: { code, decision: 'deny', message: sentence },
        isError: true,
      }),
    );
    return null;
  } finally {
    clearInterval(alive);
  }
}

/**
 * Tells the gateway that a call was taken back. An allow may have been given meanwhile, and then it can no longer be
 * withdrawn: it is closed as not run, or the log would leave open whether it did.
 */
async function takeBack(api: DecisionApi, callId: string | null, said: CallAnswer | null): Promise<void> {
  if (callId !== null) await api.cancel(callId);
  const isDecided = said !== null && said.decision !== 'pending';
  const read = callId === null || isDecided ? null : await api.read(callId, 0, AbortSignal.timeout(TAKE_BACK_MS));
  const last = read === null ? said : read.ok ? read.value : null;
  if (last !== null && isAllowed(last)) await api.close(last.callId, NOT_RUN);
}

function isAllowed(answer: CallAnswer): boolean {
  return answer.decision === 'allow' && answer.state === 'allowed';
}

function refusalLine(request: RequestMessage, answer: CallAnswer): string {
  // Without the receipt: it is for whoever runs a call, and nobody runs this one. As JSON, so without what is undefined.
  const { authorization: _, ...record } = answer;
  const decision = record.decision === 'allow' ? 'deny' : record.decision;
  const said: JsonObject = JSON.parse(JSON.stringify({ ...record, decision }));
  return resultLine(request, {
    content: [{ type: 'text', text: `${record.message} ${record.next} (code: ${record.code})` }],
    structuredContent: said,
    isError: true,
  });
}

/** What the gateway records: the result as it was, or its size and hash where it is too large to keep. */
function outcomeOf(got: JsonObject, durationMs: number): string {
  const result = ownValue(got, 'result');
  if (!isJsonObject(result)) {
    return JSON.stringify({ status: 'failed', durationMs, error: 'The local server answered with an error.' });
  }
  const status = ownValue(result, 'isError') === true ? 'failed' : 'succeeded';
  const text = JSON.stringify(result);
  const bytes = Buffer.byteLength(text);
  const isKept = bytes <= MOST_RESULT_BYTES && parseStrict(text).ok;
  const kept = isKept ? text : JSON.stringify({ bytes, sha256: createHash('sha256').update(text).digest('hex') });
  return `{"status":"${status}","durationMs":${durationMs},"result":${kept}}`;
}

function waitingLine(progressToken: string | number, step: number): string {
  const params = { progressToken, progress: step / 1_000_000, message: 'Waiting for a human reviewer' };
  return JSON.stringify({ jsonrpc: '2.0', method: 'notifications/progress', params });
}

function cancelledLine(request: RequestMessage): string {
  return JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: request.id } });
}
