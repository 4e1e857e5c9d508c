// stdio client ↔ gateway, both protocol eras, every message as it was written.
import { ownValue } from '#lib/core/json/value.ts';
import { idKey, isRpcId } from '#lib/server/gateway/json-rpc.ts';
import { createGatewayLink, type LinkOptions } from './gateway-link.ts';
import { linesOf } from './lines.ts';
import { untilAborted } from './until-aborted.ts';
import { errorLine, type Message, type RequestMessage, readLine } from './wire.ts';

export type GatewayBridgeOptions = LinkOptions & {
  readonly input: AsyncIterable<unknown>;
  /** Aborted when the process is told to end. */
  readonly stop: AbortSignal;
};

/** How it ended: the client went, the credentials are of no use, or the gateway was never there. */
export type BridgeEnd = 'done' | 'refused' | 'unreachable';

type Open = { readonly request: RequestMessage; readonly gone: AbortController };

const CANCEL_GRACE_MS = 1_000;

/**
 * Carries messages until the client closes its end.
 *
 * A cancelled request is taken back at the gateway and gets no response. When the client goes while calls are open they
 * are only left: what waits for people goes on waiting, and a later identical call attaches to it. With nothing open the
 * session is ended.
 */
export async function runGatewayBridge(options: GatewayBridgeOptions): Promise<BridgeEnd> {
  const { input, stop, write } = options;
  const link = createGatewayLink(options);
  const open = new Map<string, Open>();
  const gone = new AbortController();
  const ended = new AbortController();
  const end = () => ended.abort();
  stop.addEventListener('abort', end, { once: true });

  async function carryRequest(request: RequestMessage): Promise<void> {
    const key = idKey(request.id);
    if (open.has(key)) {
      write(errorLine(request.id, 'invalid-request', 'A request with this id is still open.'));
      return;
    }
    const call: Open = { request, gone: new AbortController() };
    open.set(key, call);
    const leave = () => call.gone.abort();
    gone.signal.addEventListener('abort', leave, { once: true });
    try {
      await link.carry(request, call.gone.signal);
    } finally {
      gone.signal.removeEventListener('abort', leave);
      open.delete(key);
    }
    if (link.refusal() !== null || !link.isReached()) end();
  }

  async function carryCancel(message: Extract<Message, { kind: 'notification' }>): Promise<void> {
    const id = ownValue(message.params, 'requestId');
    const call = isRpcId(id) ? open.get(idKey(id)) : undefined;
    if (call === undefined) return;
    // Stateless: closing the request is how it is taken back. With a session closing only leaves it, so that is said
    // first; and then left as well, because the notice may have overtaken the call.
    if (call.request.version === null) {
      await link.carry(message, AbortSignal.any([gone.signal, AbortSignal.timeout(CANCEL_GRACE_MS)]));
    }
    call.gone.abort();
  }

  const work = new Set<Promise<void>>();
  const start = (job: Promise<void>) => {
    work.add(job);
    void job.finally(() => work.delete(job));
  };
  for await (const line of untilAborted(linesOf(input), ended.signal)) {
    if (line === null) {
      write(errorLine(null, 'args-too-large'));
      continue;
    }
    const message = readLine(line);
    if (message.kind === 'request') start(carryRequest(message));
    else if (message.kind === 'unreadable') write(errorLine(null, 'bad-json', 'A line was not one JSON-RPC message.'));
    else if (message.kind === 'notification' && message.method === 'notifications/cancelled')
      start(carryCancel(message));
    // In order: what follows `initialized` must find it said.
    else await link.carry(message, gone.signal);
  }
  stop.removeEventListener('abort', end);
  const wasIdle = open.size === 0;
  gone.abort();
  await Promise.all(work);
  if (wasIdle && link.isReached()) await link.endSession();
  if (link.refusal() !== null) return 'refused';
  return ended.signal.aborted && !stop.aborted && !link.isReached() ? 'unreachable' : 'done';
}
