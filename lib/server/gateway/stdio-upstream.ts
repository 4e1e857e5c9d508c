// Server-only. Calls to a server that is a child process: newline-delimited JSON-RPC, one child per server.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { getDefaultEnvironment } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Log } from '../log.ts';
import type { SnapshotServer } from '../snapshot/snapshot.ts';
import { type RunningCall, requestText, type Upstream, type UpstreamCall, type UpstreamSink } from './upstream.ts';
import { readUpstreamMessage } from './upstream-message.ts';

const OUR_VERSION = '2025-11-25';
const HANDSHAKE_MS = 30_000;
const FIRST_BACKOFF_MS = 250;
const LAST_BACKOFF_MS = 30_000;
const STOP_MS = 2_000;
const MOST_LINE_BYTES = 64 * 1024 * 1024;
const MOST_UNREAD_BYTES = 64 * 1024;
const LF = 0x0a;

type Running = {
  readonly id: number;
  readonly call: UpstreamCall;
  readonly sink: UpstreamSink;
};
type Child = {
  readonly process: ChildProcessWithoutNullStreams;
  readonly ready: Promise<void>;
  readonly running: Map<number, Running>;
};
type Slot = { child: Child | null; backoffMs: number; notBeforeMs: number };

/**
 * Makes the upstream for stdio servers. The command comes from the host's configuration (argv, never a shell), the
 * environment is the short default list: a child never sees our secrets.
 *
 * All agents share a server's child, so ids and progress tokens are ours, counted up, and mapped back: two agents' calls
 * with the same id cannot meet. A child that dies leaves its calls with an unknown outcome and comes back with the next
 * call, after a growing pause.
 */
export function createStdioUpstream(log: Log): Upstream {
  const slots = new Map<string, Slot>();
  let nextId = 1;
  let closed = false;

  function childOf(server: SnapshotServer): Child | null {
    const key = `${server.name} ${server.configHash}`;
    const slot = slots.get(key) ?? { child: null, backoffMs: FIRST_BACKOFF_MS, notBeforeMs: 0 };
    slots.set(key, slot);
    if (slot.child !== null) return slot.child;
    if (closed || server.argv === null || performance.now() < slot.notBeforeMs) return null;
    const child = startChild(server.name, server.argv, server.protocolVersion ?? OUR_VERSION, log, () => {
      slot.child = null;
      slot.notBeforeMs = performance.now() + slot.backoffMs;
      slot.backoffMs = Math.min(slot.backoffMs * 2, LAST_BACKOFF_MS);
    });
    child.ready.then(
      () => {
        slot.backoffMs = FIRST_BACKOFF_MS;
      },
      () => undefined,
    );
    slot.child = child;
    return child;
  }

  return {
    call: (call, sink) => {
      const child = childOf(call.server);
      const id = nextId++;
      if (child === null) {
        queueMicrotask(() => {
          sink.onFailure({ code: 'upstream-failed', written: false, detail: 'The server is restarting.' });
        });
        return { notifyCancelled: () => undefined, cut: () => undefined, isWritten: () => false };
      }
      return startCall(child, { id, call, sink });
    },
    endSession: () => undefined,
    close: async () => {
      closed = true;
      const children = [...slots.values()].flatMap((slot) => (slot.child === null ? [] : [slot.child]));
      slots.clear();
      await Promise.all(children.map(stopChild));
    },
  };
}

function startCall(child: Child, running: Running): RunningCall {
  const { id, call, sink } = running;
  let written = false;
  let over = false;
  const fail = (code: 'killed' | 'upstream-failed', detail: string) => {
    if (over) return;
    over = true;
    child.running.delete(id);
    sink.onFailure({ code, written, detail });
  };
  child.ready.then(
    () => {
      if (over) return;
      if (!sink.mayWrite()) {
        fail('killed', 'Stopped before anything was sent.');
        return;
      }
      written = true;
      child.running.set(id, running);
      const token = call.progressToken === undefined ? undefined : id;
      child.process.stdin.write(`${requestText(call, id, token)}\n`);
    },
    () => fail('upstream-failed', 'The server did not start.'),
  );
  const notifyCancelled = (reason: string) => {
    if (!written || !child.running.has(id)) return;
    const params = { requestId: id, reason };
    child.process.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params })}\n`);
  };
  return {
    notifyCancelled,
    cut: (reason) => {
      notifyCancelled(reason);
      over = true;
      child.running.delete(id);
    },
    isWritten: () => written,
  };
}

function startChild(name: string, argv: readonly string[], version: string, log: Log, onExit: () => void): Child {
  const [command = '', ...args] = argv;
  const child = spawn(command, args, {
    env: { ...getDefaultEnvironment(), NODE_ENV: 'production' },
    stdio: 'pipe',
    shell: false,
  });
  const running = new Map<number, Running>();
  const handshake = Promise.withResolvers<void>();
  const timer = setTimeout(() => child.kill('SIGKILL'), HANDSHAKE_MS);
  let gone = false;

  const exit = () => {
    if (gone) return;
    gone = true;
    clearTimeout(timer);
    log.warn({ server: name }, 'a stdio server has stopped');
    handshake.reject(new Error('The server stopped before it was ready.'));
    onExit();
    for (const { sink } of running.values()) {
      sink.onFailure({ code: 'upstream-failed', written: true, detail: 'The server stopped while the call ran.' });
    }
    running.clear();
  };
  child.on('error', exit);
  child.on('exit', exit);
  // A write to a child that has just gone reports here; `exit` tells the calls.
  child.stdin.on('error', () => undefined);
  // What a server prints there is its own text: drained, never logged.
  child.stderr.resume();
  handshake.promise.catch(() => undefined);

  let unfinished = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    const end = chunk.lastIndexOf(LF);
    unfinished = end === -1 ? unfinished + chunk.length : chunk.length - end - 1;
    // A line without an end would be kept until our memory is full; its calls end with an unknown outcome instead.
    if (unfinished > MOST_LINE_BYTES) child.kill('SIGKILL');
  });
  createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
    try {
      receive(line, running, {
        onReady: () => {
          clearTimeout(timer);
          child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
          handshake.resolve();
        },
        reply: (json) => {
          // A child that asks without reading would fill our memory with answers.
          if (child.stdin.writableLength < MOST_UNREAD_BYTES) child.stdin.write(`${json}\n`);
        },
      });
    } catch {
      log.warn({ server: name }, 'a stdio server wrote a line that is not JSON-RPC');
    }
  });
  const params = { protocolVersion: version, capabilities: {}, clientInfo: { name: 'countersign', version: '1' } };
  child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 'initialize', method: 'initialize', params })}\n`);
  return { process: child, ready: handshake.promise, running };
}

type Heard = { readonly onReady: () => void; readonly reply: (json: string) => void };

function receive(line: string, running: Map<number, Running>, { onReady, reply }: Heard): void {
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
  const found = typeof id === 'number' ? running.get(id) : undefined;
  if (found === undefined) return;
  const read = readUpstreamMessage(line, found.id);
  if (read.kind === 'answer') {
    running.delete(found.id);
    const body = 'error' in message ? { error: message.error } : { result: 'result' in message ? message.result : {} };
    found.sink.onAnswer(JSON.stringify({ jsonrpc: '2.0', id: found.call.id, ...body }), read.isFailure);
    return;
  }
  if (read.kind === 'notification' && 'params' in message && typeof message.params === 'object') {
    const params = { ...message.params, progressToken: found.call.progressToken };
    found.sink.onNotification(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/progress', params }), null);
  }
}

/** The progress token of a notification: our own id, so it says which call it belongs to. */
function tokenOf(message: object): unknown {
  if (!('method' in message) || message.method !== 'notifications/progress' || !('params' in message)) return undefined;
  const { params } = message;
  return typeof params === 'object' && params !== null && 'progressToken' in params ? params.progressToken : undefined;
}

async function stopChild({ process }: Child): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => process.once('exit', () => resolve()));
  process.stdin.end();
  process.kill('SIGTERM');
  const timer = setTimeout(() => process.kill('SIGKILL'), STOP_MS);
  await gone;
  clearTimeout(timer);
}
