// Server-only. One child of the runner that speaks MCP: its handshake, and whose answer each of its lines is.
import { createInterface } from 'node:readline';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Log } from '../log.ts';
import type { StartChild } from '../runner/child-starter.ts';
import type { ChildHandle } from '../runner/runner-client.ts';
import type { SnapshotServer } from '../snapshot/snapshot.ts';
import type { UpstreamCall, UpstreamFailure, UpstreamSink } from './upstream.ts';
import { readUpstreamMessage } from './upstream-message.ts';

const OUR_VERSION = '2025-11-25';
const HANDSHAKE_MS = 30_000;
const MOST_LINE_BYTES = 64 * 1024 * 1024;
const MOST_UNREAD_BYTES = 64 * 1024;
const LF = 0x0a;

/** A call that a child works on, under an id of ours. */
export type Running = {
  readonly id: number;
  readonly call: UpstreamCall;
  readonly sink: UpstreamSink;
};
/** A child that has shaken hands. */
export type Live = {
  readonly handle: ChildHandle;
  readonly running: Map<number, Running>;
  readonly redact: (text: string) => string;
  /** Ends a call here; a child that was replaced goes with its last one. */
  release(id: number): void;
  /** Takes no more calls, and stops when those that run have ended. */
  retire(): void;
  isGone(): boolean;
};
/** A child on its way up: live, or why it is not. */
export type Ready = Promise<Result<Live, { readonly code: UpstreamFailure['code']; readonly detail: string }>>;

/** A server's credential as variables; another version is another child. */
export type ChildCredential = {
  readonly version: string;
  readonly env: Readonly<Record<string, string>>;
  /** Takes it out of what the child answers. */
  readonly redact: (text: string) => string;
};
const ignore = () => undefined;
const plain = (text: string) => text;

type Parts = { readonly startChild: StartChild; readonly log: Log };

/**
 * Starts a server's child and shakes hands with it. `onGone` is called once it is there no more, also where it never came.
 *
 * Every line that it writes is read as an answer or a progress report of one call; a line without an end, or a child that
 * asks without reading, is ended before it fills our memory.
 */
export async function openChild(
  { startChild, log }: Parts,
  server: SnapshotServer,
  credential: ChildCredential | null,
  onGone: () => void,
): Promise<Awaited<Ready>> {
  const started = await startChild(server, credential?.env ?? {});
  if (!started.ok) {
    onGone();
    return err(started.error);
  }
  return shakeHands({ handle: started.value, redact: credential?.redact ?? plain }, server, log, onGone);
}

function shakeHands(
  { handle, redact }: { readonly handle: ChildHandle; readonly redact: (text: string) => string },
  server: SnapshotServer,
  log: Log,
  onGone: () => void,
): Ready {
  const { name } = server;
  const running = new Map<number, Running>();
  let gone = false;
  let retired = false;
  const endIfIdle = () => {
    if (retired && running.size === 0) handle.stop().catch(ignore);
  };
  const live: Live = {
    handle,
    redact,
    running,
    release: (id) => {
      running.delete(id);
      endIfIdle();
    },
    retire: () => {
      retired = true;
      endIfIdle();
    },
    isGone: () => gone || retired,
  };
  const handshake = Promise.withResolvers<Awaited<Ready>>();
  const timer = setTimeout(() => handle.kill(), HANDSHAKE_MS);
  handle.exited.then(
    ({ reason }) => {
      clearTimeout(timer);
      gone = true;
      log.warn({ server: name }, 'a stdio server has stopped');
      onGone();
      handshake.resolve(err({ code: 'upstream-failed', detail: reason ?? 'The server did not start.' }));
      for (const { sink } of running.values()) {
        sink.onFailure({ code: 'upstream-failed', written: true, detail: 'The server stopped while the call ran.' });
      }
      running.clear();
    },
    () => undefined,
  );
  let unfinished = 0;
  handle.stdout.on('data', (chunk: Buffer) => {
    const end = chunk.lastIndexOf(LF);
    unfinished = end === -1 ? unfinished + chunk.length : chunk.length - end - 1;
    // A line without an end would be kept until our memory is full; its calls end with an unknown outcome instead.
    if (unfinished > MOST_LINE_BYTES) handle.kill();
  });
  createInterface({ input: handle.stdout, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
    try {
      receive(line, live, {
        onReady: () => {
          clearTimeout(timer);
          handle.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
          handshake.resolve(ok(live));
        },
        reply: (json) => {
          // A child that asks without reading would fill our memory with answers.
          if (handle.unread() < MOST_UNREAD_BYTES) handle.write(`${json}\n`);
        },
      });
    } catch {
      log.warn({ server: name }, 'a stdio server wrote a line that is not JSON-RPC');
    }
  });
  const version = server.protocolVersion ?? OUR_VERSION;
  const params = { protocolVersion: version, capabilities: {}, clientInfo: { name: 'countersign', version: '1' } };
  handle.write(`${JSON.stringify({ jsonrpc: '2.0', id: 'initialize', method: 'initialize', params })}\n`);
  return handshake.promise;
}

type Heard = { readonly onReady: () => void; readonly reply: (json: string) => void };

function receive(line: string, live: Live, { onReady, reply }: Heard): void {
  const message: unknown = JSON.parse(line);
  if (typeof message !== 'object' || message === null) return;
  if ('id' in message && message.id === 'initialize') {
    if ('result' in message) onReady();
    return;
  }
  if ('id' in message && 'method' in message) {
    const asked = readUpstreamMessage(line, '');
    if (asked.kind === 'request') reply(asked.reply);
    return;
  }
  const id = 'id' in message ? message.id : tokenOf(message);
  const found = typeof id === 'number' ? live.running.get(id) : undefined;
  if (found === undefined) return;
  const read = readUpstreamMessage(line, found.id);
  if (read.kind === 'answer') {
    live.release(found.id);
    const body = 'error' in message ? { error: message.error } : { result: 'result' in message ? message.result : {} };
    found.sink.onAnswer(live.redact(JSON.stringify({ jsonrpc: '2.0', id: found.call.id, ...body })), read.isFailure);
    return;
  }
  if (read.kind === 'notification' && 'params' in message && typeof message.params === 'object') {
    const params = { ...message.params, progressToken: found.call.progressToken };
    const text = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/progress', params });
    found.sink.onNotification(live.redact(text), null);
  }
}

/** The progress token of a notification: our own id, so it says which call it belongs to. */
function tokenOf(message: object): unknown {
  if (!('method' in message) || message.method !== 'notifications/progress' || !('params' in message)) return undefined;
  const { params } = message;
  return typeof params === 'object' && params !== null && 'progressToken' in params ? params.progressToken : undefined;
}
