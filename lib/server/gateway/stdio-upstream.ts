// Server-only. Calls to a server that is a program: newline-delimited JSON-RPC to a child of the runner, one per server.
import { createInterface } from 'node:readline';
import { isEnded } from '#lib/core/credentials/kinds.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Log } from '../log.ts';
import type { StartChild } from '../runner/child-starter.ts';
import type { ChildHandle } from '../runner/runner-client.ts';
import type { SnapshotServer } from '../snapshot/snapshot.ts';
import {
  type RunningCall,
  requestText,
  type Upstream,
  type UpstreamCall,
  type UpstreamFailure,
  type UpstreamSink,
} from './upstream.ts';
import { readUpstreamMessage } from './upstream-message.ts';

const OUR_VERSION = '2025-11-25';
const HANDSHAKE_MS = 30_000;
/** How long a child may go on after its configuration has changed or its credential has ended. */
const WATCH_MS = 500;
const MOST_LINE_BYTES = 64 * 1024 * 1024;
const MOST_UNREAD_BYTES = 64 * 1024;
const LF = 0x0a;

type Running = {
  readonly id: number;
  readonly call: UpstreamCall;
  readonly sink: UpstreamSink;
};
/** A child that has shaken hands. */
type Live = {
  readonly handle: ChildHandle;
  readonly running: Map<number, Running>;
  readonly redact: (text: string) => string;
  /** Ends a call here; a child that was replaced goes with its last one. */
  release(id: number): void;
  /** Takes no more calls, and stops when those that run have ended. */
  retire(): void;
  isGone(): boolean;
};
type Child = { readonly key: string; readonly ready: Ready; readonly madeFor: SnapshotServer };
type Ready = Promise<Result<Live, { readonly code: UpstreamFailure['code']; readonly detail: string }>>;

/** A server's credential as variables; another version is another child. */
export type ChildCredential = {
  readonly version: string;
  readonly env: Readonly<Record<string, string>>;
  /** Takes it out of what the child answers. */
  readonly redact: (text: string) => string;
};
export type CredentialRefusal = { readonly code: UpstreamFailure['code']; readonly detail: string };

/** The credential a call needs now, null where the server has none, or why it is not to be had. Asked for every call. */
export type CredentialFor = (
  server: SnapshotServer,
) => null | Promise<Result<ChildCredential | null, CredentialRefusal>>;

/**
 * Makes the upstream for stdio servers. Nothing is started in this process: the runner does, told by the server's name.
 *
 * All agents share a server's child, so ids and progress tokens are ours, counted up, and mapped back: two agents' calls
 * with the same id cannot meet. A child that dies leaves its calls with an unknown outcome and comes back with the next
 * call; the runner makes pauses grow.
 */
export function createStdioUpstream(parts: {
  readonly startChild: StartChild;
  readonly credentialFor: CredentialFor;
  /** The server as it is configured now, undefined when it is gone. */
  readonly serverNow: (name: string) => SnapshotServer | undefined;
  /** The database's time. */
  readonly now?: () => number;
  readonly log: Log;
}): Upstream {
  const children = new Map<string, Child>();
  const now = parts.now ?? Date.now;
  let nextId = 1;
  let closed = false;

  function retire(name: string): void {
    const present = children.get(name);
    children.delete(name);
    present?.ready.then((old) => (old.ok ? old.value.retire() : undefined), ignore);
  }

  // A secret that was rotated, ended or taken away lives on in a child's environment until that child has gone.
  const watching = setInterval(() => {
    for (const [name, { madeFor }] of children) {
      if (!isStill(madeFor, parts.serverNow(name), now())) retire(name);
    }
  }, WATCH_MS);
  watching.unref();

  function childOf(server: SnapshotServer, credential: ChildCredential | null): Ready {
    const { name } = server;
    const key = `${server.configHash} ${credential?.version ?? ''}`;
    const present = children.get(name);
    if (present?.key === key) return present.ready;
    // Another command or another credential: calls that run end with the child that they were sent to.
    retire(name);
    const ready = openChild(parts, server, credential, () => {
      if (children.get(name)?.ready === ready) children.delete(name);
    });
    children.set(name, { key, ready, madeFor: server });
    return ready;
  }

  function readyFor(server: SnapshotServer): Ready {
    if (closed) return Promise.resolve(err({ code: 'upstream-failed', detail: 'We are stopping.' }));
    const asked = parts.credentialFor(server);
    if (asked === null) return childOf(server, null);
    return asked.then((credential): Ready | Awaited<Ready> => {
      if (credential.ok) return childOf(server, credential.value);
      retire(server.name);
      return credential;
    });
  }

  return {
    call: (call, sink) => {
      const id = nextId++;
      return startCall(readyFor(call.server), { id, call, sink });
    },
    endSession: () => undefined,
    close: async () => {
      closed = true;
      clearInterval(watching);
      const all = [...children.values()];
      children.clear();
      await Promise.all(
        all.map(async ({ ready }) => {
          const child = await ready.catch(() => null);
          if (child?.ok === true) await child.value.handle.stop();
        }),
      );
    },
  };
}

/** Whether a child that was made for a server may still run as it was started. */
function isStill(made: SnapshotServer, present: SnapshotServer | undefined, nowMs: number): boolean {
  if (present === undefined || present.configHash !== made.configHash) return false;
  const { credential } = present;
  if (credential?.id !== made.credential?.id || credential?.version !== made.credential?.version) return false;
  return credential === null || !isEnded(credential.endsAtMs, nowMs);
}

const ignore = () => undefined;
const plain = (text: string) => text;

function startCall(ready: Ready, running: Running): RunningCall {
  const { id, call, sink } = running;
  let live: Live | null = null;
  let over = false;
  const fail = (code: UpstreamFailure['code'], detail: string) => {
    if (over) return;
    over = true;
    sink.onFailure({ code, written: live !== null, detail });
  };
  ready.then(
    (child) => {
      if (over) return;
      if (!child.ok) {
        fail(child.error.code, child.error.detail);
        return;
      }
      if (child.value.isGone()) {
        fail('upstream-failed', 'The server is restarting.');
        return;
      }
      if (!sink.mayWrite()) {
        fail('killed', 'Stopped before anything was sent.');
        return;
      }
      live = child.value;
      live.running.set(id, running);
      const token = call.progressToken === undefined ? undefined : id;
      live.handle.write(`${requestText(call, id, token)}\n`);
    },
    () => fail('upstream-failed', 'The server did not start.'),
  );
  const notifyCancelled = (reason: string) => {
    if (live === null || !live.running.has(id)) return;
    const params = { requestId: id, reason };
    live.handle.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params })}\n`);
  };
  return {
    notifyCancelled,
    cut: (reason) => {
      notifyCancelled(reason);
      over = true;
      live?.release(id);
    },
    isWritten: () => live !== null,
  };
}

type Parts = { readonly startChild: StartChild; readonly log: Log };

async function openChild(
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
