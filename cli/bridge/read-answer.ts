// What came back for one message, as lines for the client.
import { isJsonObject, type JsonObject, ownValue } from '#lib/core/json/value.ts';
import { idKey, isRpcId, type RpcId } from '#lib/server/gateway/json-rpc.ts';
import { createSseReader } from '#lib/server/gateway/sse-events.ts';
import { type HttpAnswer, textOf } from './exchange.ts';
import { asLine, parseJson } from './wire.ts';

/** `answered`: the client has its response. `broken`: the connection ended before. */
export type Read = { readonly kind: 'answered'; readonly result: JsonObject | null } | { readonly kind: 'broken' };

/** Passes on everything that belongs to a request, in order, until its response has been passed on. */
export async function passAnswer(answer: HttpAnswer, id: RpcId, write: (line: string) => void): Promise<Read> {
  let read: Read = { kind: 'broken' };
  const take = (json: string) => {
    const body = parseJson(json);
    // Half a message, or none: the client could not read on after it.
    if (!isJsonObject(body)) return;
    const isResponse = ownValue(body, 'method') === undefined;
    if (!isResponse) {
      write(asLine(json));
      return;
    }
    const answered = ownValue(body, 'id');
    const isOurs = isRpcId(answered) && idKey(answered) === idKey(id);
    if (!isOurs && answered !== null) return;
    if (read.kind === 'answered') return;
    const result = ownValue(body, 'result');
    read = { kind: 'answered', result: isJsonObject(result) ? result : null };
    // An error without an id is about this request: it is the only one of its exchange.
    write(isOurs ? asLine(json) : JSON.stringify({ ...body, id }));
  };
  try {
    if (isEventStream(answer)) {
      const reader = createSseReader();
      for await (const chunk of answer.body)
        reader.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk)), take);
    } else {
      take(await textOf(answer));
    }
  } catch {
    // The connection broke, or the answer grew beyond all bounds: what has been read decides.
  }
  return read;
}

/** The code of a refusal and its sentence, from a JSON-RPC error or a problem document. */
export async function readRefusal(
  answer: HttpAnswer,
): Promise<{ readonly error: JsonObject; readonly code: string | null; readonly header: string | null }> {
  let body: JsonObject = {};
  try {
    const parsed = parseJson(await textOf(answer));
    if (isJsonObject(parsed)) body = parsed;
  } catch {
    // No body that can be read: the status must do.
  }
  const sent = ownValue(body, 'error');
  const error = isJsonObject(sent) ? sent : {};
  const data = ownValue(error, 'data');
  const code = isJsonObject(data) ? ownValue(data, 'code') : ownValue(body, 'code');
  const header = isJsonObject(data) ? ownValue(data, 'header') : null;
  return {
    error: typeof ownValue(error, 'code') === 'number' ? error : {},
    code: typeof code === 'string' ? code : null,
    header: typeof header === 'string' ? header : null,
  };
}

function isEventStream({ headers }: HttpAnswer): boolean {
  return /^text\/event-stream[ \t]*(?:;|$)/i.test(headers['content-type'] ?? '');
}
