// Server-only. Calls to a server that is a program: newline-delimited JSON-RPC to a child of the runner, one per server.
import { isEnded } from '#lib/core/credentials/kinds.ts';
import { err, type Result } from '#lib/core/result.ts';
import type { Log } from '../log.ts';
import type { StartChild } from '../runner/child-starter.ts';
import type { SnapshotServer } from '../snapshot/snapshot.ts';
import { type ChildCredential, type Live, openChild, type Ready, type Running } from './stdio-child.ts';
import { type RunningCall, requestText, type Upstream, type UpstreamFailure } from './upstream.ts';

/** How long a child may go on after its configuration has changed or its credential has ended. */
const WATCH_MS = 500;

type Child = { readonly key: string; readonly ready: Ready; readonly madeFor: SnapshotServer };
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
    const key = `${server.configHash} ${server.proxyEpoch} ${credential?.version ?? ''}`;
    const present = children.get(name);
    if (present?.key === key) return present.ready;
    // Another command, credential or way out: calls that run end with the child that they were sent to.
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
  // Its way out has ended: it would run on and reach nothing. Another child gets another one.
  if (present.proxyEpoch !== made.proxyEpoch) return false;
  const { credential } = present;
  if (credential?.id !== made.credential?.id || credential?.version !== made.credential?.version) return false;
  return credential === null || !isEnded(credential.endsAtMs, nowMs);
}

const ignore = () => undefined;

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
