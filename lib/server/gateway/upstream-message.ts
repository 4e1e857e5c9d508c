// Server-only. What an upstream sent, judged before it reaches an agent.
import { idKey, isRpcId, type RpcId } from './json-rpc.ts';

export type UpstreamMessage =
  | { readonly kind: 'answer'; readonly json: string; readonly isFailure: boolean }
  | { readonly kind: 'notification'; readonly json: string; readonly logLevel: string | null }
  /** A request of the upstream to its client. It never reaches the agent: `reply` is what the upstream gets from us. */
  | { readonly kind: 'request'; readonly reply: string }
  /** An answer to something else, or a notification that is not the agent's business: dropped. */
  | { readonly kind: 'foreign' };

/** Notifications that belong to a running call. Others (list_changed, …) are the gateway's business. */
const PASSED_ON = new Set(['notifications/progress', 'notifications/message']);

/**
 * Reads one message of an upstream while the call with this id is running.
 *
 * Only an answer with exactly this id passes: an upstream that answers with the id of another call in the same client
 * session would otherwise speak for another server. The bytes are kept, unless a second `id` could be read out of them;
 * then the envelope is written anew. Throws on what is not JSON.
 */
export function readUpstreamMessage(json: string, id: RpcId): UpstreamMessage {
  const message: unknown = JSON.parse(json);
  if (typeof message !== 'object' || message === null || Array.isArray(message)) return { kind: 'foreign' };
  if ('method' in message) {
    if ('id' in message) return { kind: 'request', reply: replyTo(message.id, message.method) };
    const isNotification = typeof message.method === 'string' && PASSED_ON.has(message.method);
    return isNotification ? { kind: 'notification', json, logLevel: logLevelOf(message) } : { kind: 'foreign' };
  }
  const got = 'id' in message ? message.id : undefined;
  if ((typeof got !== 'string' && typeof got !== 'number') || !isRpcId(got) || idKey(got) !== idKey(id)) {
    return { kind: 'foreign' };
  }
  if ('error' in message) {
    return {
      kind: 'answer',
      json: isUnambiguous(json) ? json : rebuilt(id, { error: message.error }),
      isFailure: true,
    };
  }
  if (!('result' in message)) return { kind: 'foreign' };
  const { result } = message;
  const isFailure = typeof result === 'object' && result !== null && 'isError' in result && result.isError === true;
  return { kind: 'answer', json: isUnambiguous(json) ? json : rebuilt(id, { result }), isFailure };
}

/**
 * Sampling, elicitation and roots would let a server put words to the agent's model and its user past every decision
 * here. We declared none of them; a server that asks all the same hears so at once instead of waiting.
 */
function replyTo(id: unknown, method: unknown): string {
  const said =
    method === 'ping' ? { result: {} } : { error: { code: -32601, message: 'The gateway passes on no requests.' } };
  const known = typeof id === 'string' || typeof id === 'number' ? id : null;
  return JSON.stringify({ jsonrpc: '2.0', id: known, ...said });
}

/** The level of a log message; an absent or odd one is a text that is no level. */
function logLevelOf(message: { readonly method?: unknown; readonly params?: unknown }): string | null {
  if (message.method !== 'notifications/message') return null;
  const { params } = message;
  const level = typeof params === 'object' && params !== null && 'level' in params ? params.level : '';
  return typeof level === 'string' ? level : '';
}

/** Whether the text can hold one key `id` only. Inside a text value the quotes are escaped, so this finds keys. */
function isUnambiguous(json: string): boolean {
  const first = json.indexOf('"id"');
  return first !== -1 && json.indexOf('"id"', first + 4) === -1 && !/\\u00[46][49]/.test(json);
}

function rebuilt(id: RpcId, body: { readonly result: unknown } | { readonly error: unknown }): string {
  return JSON.stringify({ jsonrpc: '2.0', id, ...body });
}
