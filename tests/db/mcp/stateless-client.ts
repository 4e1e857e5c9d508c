// A hand-written client of the 2026-07-28 revision: every header and every member of the envelope can be set wrong.
import { META, STATELESS_VERSION } from '#lib/server/gateway/protocol-era.ts';
import { type RawAnswer, rawCall } from '#tests/fixtures/gateway.ts';

export type StatelessAnswer = RawAnswer & {
  /** The last message of the body, whether JSON or an event stream. */
  readonly result: Record<string, unknown>;
  readonly error: { readonly code: number; readonly message: string; readonly data?: Record<string, unknown> } | null;
};
export type Send = {
  readonly capabilities?: Record<string, unknown>;
  readonly meta?: Record<string, unknown>;
  readonly headers?: Record<string, string>;
  /** Headers that are not sent at all. */
  readonly without?: readonly string[];
  readonly signal?: AbortSignal;
};

const NAME_MEMBER: Record<string, string> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
};
let ids = 0;

/** Sends one request as a conforming client would, but for what `send` changes. */
export async function stateless(
  gateway: { readonly port: number },
  path: string,
  token: string,
  method: string,
  params: Record<string, unknown> = {},
  send: Send = {},
): Promise<StatelessAnswer> {
  const name = params[NAME_MEMBER[method] ?? ''];
  const headers: Record<string, string> = {
    'mcp-protocol-version': STATELESS_VERSION,
    'mcp-method': method,
    ...(typeof name === 'string' ? { 'mcp-name': name } : {}),
    ...send.headers,
  };
  for (const header of send.without ?? []) delete headers[header];
  const _meta = { [META.version]: STATELESS_VERSION, [META.capabilities]: send.capabilities ?? {}, ...send.meta };
  const message = { id: ++ids, method, params: { ...params, _meta } };
  const answer = await rawCall(gateway, path, token, message, {
    headers,
    ...(send.signal === undefined ? {} : { signal: send.signal }),
  });
  return { ...answer, ...outcomeIn(answer.text) };
}

function outcomeIn(text: string): Pick<StatelessAnswer, 'result' | 'error'> {
  const lines = text.split('\n').filter((line) => line.startsWith('data: '));
  const last = lines.at(-1)?.slice('data: '.length) ?? text;
  const message = last.startsWith('{') ? JSON.parse(last) : {};
  return { result: message.result ?? {}, error: message.error ?? null };
}
