// One client's way to the gateway: its session, its tokens, and what may be sent a second time.
import { isJsonObject, ownValue } from '#lib/core/json/value.ts';
import type { MirroredParameter } from '#lib/server/gateway/mirrored-headers.ts';
import { backoffMs, pause } from './backoff.ts';
import { type HttpAnswer, send } from './exchange.ts';
import { passAnswer, readRefusal } from './read-answer.ts';
import { headersFor, mirroredByTool } from './request-headers.ts';
import type { TokenFault } from './token-endpoint.ts';
import type { TokenSource } from './token-source.ts';
import { errorLine, type Message, type RequestMessage, unknownLine } from './wire.ts';

export type LinkOptions = {
  readonly endpoint: URL;
  readonly tokens: TokenSource;
  /** How long a message waits for a gateway that is not there. */
  readonly patienceMs: number;
  readonly write: (line: string) => void;
  readonly say: (sentence: string) => void;
};

export type GatewayLink = {
  /** Carries one message and writes whatever comes of it; a request gets exactly one response unless it is taken back. */
  carry(message: Message, signal: AbortSignal): Promise<void>;
  /** Whether the gateway has ever answered. */
  isReached(): boolean;
  /** Why nothing can ever work with these credentials, if that is so. */
  refusal(): string | null;
  /** Ends the gateway's session, where there is one. */
  endSession(): Promise<void>;
};

/** Asking these again changes nothing anywhere. Everything else, once it may have left, is never sent a second time. */
const REPEATABLE = new Set(['initialize', 'ping', 'tools/list', 'logging/setLevel', 'server/discover', 'tasks/get']);
const LOST =
  'The connection to the gateway broke while this call was under way. It may or may not have run; it was not sent again.';
const END_MS = 2_000;

type Attempt =
  | { readonly kind: 'over' }
  /** Nothing ran: it may be sent again. */
  | { readonly kind: 'again'; readonly why: string }
  | { readonly kind: 'lost' };

export function createGatewayLink(options: LinkOptions): GatewayLink {
  const { endpoint, tokens, patienceMs, write, say } = options;
  let session: { id: string | null; version: string | null } = { id: null, version: null };
  let handshake: RequestMessage | null = null;
  let mirrored = new Map<string, readonly MirroredParameter[]>();
  let renewing: Promise<boolean> | null = null;
  let reached = false;
  let hopeless: string | null = null;
  let silent = false;

  async function carry(message: Message, signal: AbortSignal): Promise<void> {
    const deadline = Date.now() + patienceMs;
    for (let attempt = 0; !signal.aborted; attempt++) {
      const tried = await carryOnce(message, signal);
      if (signal.aborted || tried.kind === 'over') return;
      const isRequest = message.kind === 'request';
      if (tried.kind === 'lost' && !(isRequest && REPEATABLE.has(message.method))) {
        if (isRequest) write(unknownLine(message, LOST));
        return;
      }
      const why = tried.kind === 'again' ? tried.why : 'the connection broke';
      if (Date.now() >= deadline) {
        if (isRequest)
          write(errorLine(message.id, 'not-ready', `The gateway cannot be reached (${why}). Nothing ran.`));
        return;
      }
      if (!silent) say(`The gateway cannot be reached (${why}); trying again.`);
      silent = true;
      await pause(Math.min(backoffMs(attempt, Math.random()), deadline - Date.now()), signal);
    }
  }

  async function carryOnce(message: Message, signal: AbortSignal): Promise<Attempt> {
    const name = message.kind === 'request' ? ownValue(message.params, 'name') : undefined;
    let isRenewed = false;
    let isLearned = false;
    let tokensLeft = 2;
    for (;;) {
      const token = await tokens.current();
      if (!token.ok) return refuseToken(message, token.error);
      const known = typeof name === 'string' ? (mirrored.get(name) ?? []) : [];
      const used = session.id;
      const sent = await send(endpoint, {
        method: 'POST',
        headers: { ...headersFor(message, session, known), authorization: `Bearer ${token.value}` },
        body: message.raw,
        signal,
      });
      if (!sent.ok) return sent.error.kind === 'lost' ? { kind: 'lost' } : { kind: 'again', why: sent.error.why };
      const { status } = sent.value;
      if (status >= 200 && status < 300) return settle(message, sent.value);
      const refusal = await readRefusal(sent.value);
      if (status === 401 && --tokensLeft > 0 && tokens.refused(token.value)) continue;
      if (refusal.code === 'not-ready') return { kind: 'again', why: 'it is starting or stopping' };
      if (refusal.code === 'session-unknown' && !isRenewed && (await renewSession(used, signal))) {
        isRenewed = true;
        continue;
      }
      if (refusal.header?.startsWith('Mcp-Param-') === true && !isLearned && (await learnTools(message, signal))) {
        isLearned = true;
        continue;
      }
      // Without one of our codes it is somebody between us who answers, and what stands behind may have run the call.
      if (refusal.code === null && status >= 500) return { kind: 'lost' };
      reached = true;
      if (message.kind !== 'request') return { kind: 'over' };
      const error = { code: -32001, message: `The gateway answered with status ${status}.`, ...refusal.error };
      write(JSON.stringify({ jsonrpc: '2.0', id: message.id, error }));
      return { kind: 'over' };
    }
  }

  function refuseToken(message: Message, fault: TokenFault): Attempt {
    if (fault.kind === 'unreachable') return { kind: 'again', why: fault.sentence };
    if (!reached) hopeless = fault.sentence;
    say(fault.sentence);
    if (message.kind === 'request') write(errorLine(message.id, 'token-invalid', fault.sentence));
    return { kind: 'over' };
  }

  async function settle(message: Message, answer: HttpAnswer): Promise<Attempt> {
    if (silent) say('The gateway is back.');
    silent = false;
    reached = true;
    hopeless = null;
    if (message.kind !== 'request') {
      answer.body.resume();
      return { kind: 'over' };
    }
    const read = await passAnswer(answer, message.id, write);
    if (read.kind === 'broken') return { kind: 'lost' };
    if (message.method === 'initialize' && read.result !== null) {
      handshake = message;
      openSession(answer, ownValue(read.result, 'protocolVersion'));
    }
    if (message.method === 'tools/list' && read.result !== null) {
      mirrored = new Map([...mirrored, ...mirroredByTool(read.result)]);
    }
    return { kind: 'over' };
  }

  function openSession(answer: HttpAnswer, version: unknown): void {
    const id = answer.headers['mcp-session-id'];
    session = { id: typeof id === 'string' ? id : null, version: typeof version === 'string' ? version : null };
  }

  /** The gateway has forgotten the session: the handshake is repeated unseen. One does it for all that noticed. */
  async function renewSession(used: string | null, signal: AbortSignal): Promise<boolean> {
    if (handshake === null) return false;
    if (used !== session.id) return true;
    const first = handshake;
    renewing ??= (async () => {
      session = { id: null, version: null };
      let version: unknown = null;
      const answer = await ask(first, signal);
      if (answer === null) return false;
      const read = await passAnswer(answer, first.id, () => undefined);
      if (read.kind !== 'answered' || read.result === null) return false;
      version = ownValue(read.result, 'protocolVersion');
      openSession(answer, version);
      const raw = '{"jsonrpc":"2.0","method":"notifications/initialized"}';
      const told = await ask({ kind: 'notification', raw, method: 'notifications/initialized', params: {} }, signal);
      told?.body.resume();
      return true;
    })().finally(() => {
      renewing = null;
    });
    return renewing;
  }

  /** Reads the list that a stateless client must know before it calls: a stdio client sends no headers, so we must. */
  async function learnTools(message: Message, signal: AbortSignal): Promise<boolean> {
    if (message.kind !== 'request') return false;
    const meta = ownValue(message.params, '_meta');
    const params = isJsonObject(meta) ? { _meta: meta } : {};
    const id = 'countersign-bridge-tools';
    const raw = JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/list', params });
    const answer = await ask({ ...message, raw, id, method: 'tools/list', params }, signal);
    if (answer === null) return false;
    const read = await passAnswer(answer, id, () => undefined);
    if (read.kind !== 'answered' || read.result === null) return false;
    mirrored = new Map([...mirrored, ...mirroredByTool(read.result)]);
    return true;
  }

  /** One request of our own; null when it did not come to a good answer. */
  async function ask(message: Message, signal: AbortSignal): Promise<HttpAnswer | null> {
    const token = await tokens.current();
    if (!token.ok) return null;
    const headers = { ...headersFor(message, session, []), authorization: `Bearer ${token.value}` };
    const sent = await send(endpoint, { method: 'POST', headers, body: message.raw, signal });
    if (!sent.ok) return null;
    if (sent.value.status >= 200 && sent.value.status < 300) return sent.value;
    sent.value.body.resume();
    return null;
  }

  return {
    carry,
    isReached: () => reached,
    refusal: () => hopeless,
    endSession: async () => {
      const { id } = session;
      const token = id === null ? null : await tokens.current();
      if (id === null || token === null || !token.ok) return;
      const headers = { 'mcp-session-id': id, authorization: `Bearer ${token.value}` };
      const signal = AbortSignal.timeout(END_MS);
      const sent = await send(endpoint, { method: 'DELETE', headers, signal });
      if (sent.ok) sent.value.body.resume();
    },
  };
}
