// Server-only. From an allowed host to a socket: resolved once, every address judged, connected to a judged one.
import { connect, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { judgeResolved } from '#lib/core/egress/judge-url.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { EgressDenied } from '../egress/egress-denied.ts';
import { addressesToTry, type Lookup, resolveHost } from '../egress/resolve-host.ts';

export type DialFailure = {
  readonly code: 'egress-denied' | 'upstream-failed' | 'upstream-timeout';
  readonly reason: string;
};

export type ConnectTo = (address: string, port: number) => Socket;

export type DialOptions = {
  readonly lookup: Lookup;
  /** Opens a socket to a judged address; a test leads it to a listener of its own. */
  readonly connect?: ConnectTo;
  /** Ports of this installation on this host: our own listeners and the database. */
  readonly ownPorts: () => ReadonlySet<number>;
  readonly resolveMs: number;
  readonly connectMs: number;
};

/** Said of a destination that is listed, once nobody knows its name. */
export const UNRESOLVED = 'The host name could not be resolved.';

export type DialTarget = { readonly host: string; readonly port: number; readonly cidr: string | null };

/** Resolves a host and says which addresses may be dialled; an answer that mixes good and bad ones opens none. */
export async function judgedAddresses(
  options: DialOptions,
  target: DialTarget,
): Promise<Result<readonly string[], DialFailure>> {
  const found = await resolved(options, target.host);
  if (found === null) return denied(UNRESOLVED);
  const judged = judgeResolved(found, { cidr: target.cidr });
  if (!judged.ok) return denied(judged.error.reason);
  // A wildcard or a public name that points at this machine must not lead around the console's own door. Only an entry
  // that names the address range says that somebody meant it.
  if (target.cidr === null && options.ownPorts().has(target.port) && judged.value.some(isOwnAddress)) {
    return denied('The host is this machine and the port is one of ours.');
  }
  return ok(judged.value);
}

/** Connects to the first address of a few that answers. The signal ends the attempt. */
export async function dial(
  options: DialOptions,
  addresses: readonly string[],
  port: number,
  signal: AbortSignal,
): Promise<Result<Socket, DialFailure>> {
  let last: DialFailure = { code: 'upstream-failed', reason: 'The host has no address.' };
  for (const address of addressesToTry(addresses)) {
    const tried = await connectTo(options, address, port, signal);
    if (tried.ok) return tried;
    last = tried.error;
    if (signal.aborted) break;
  }
  return err(last);
}

function connectTo(
  { connect: open = connectByTcp, connectMs }: DialOptions,
  address: string,
  port: number,
  signal: AbortSignal,
): Promise<Result<Socket, DialFailure>> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve(err({ code: 'upstream-failed', reason: 'The client left.' }));
      return;
    }
    const socket = open(address, port);
    const settle = (result: Result<Socket, DialFailure>) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.off('connect', onConnect);
      if (result.ok) socket.off('error', onError);
      else socket.destroy();
      resolve(result);
    };
    const onAbort = () => settle(err({ code: 'upstream-failed', reason: 'The client left.' }));
    const onError = () => settle(err({ code: 'upstream-failed', reason: 'The destination did not answer.' }));
    const onConnect = () => settle(ok(socket));
    const timer = setTimeout(
      () => settle(err({ code: 'upstream-timeout', reason: 'The destination did not answer in time.' })),
      connectMs,
    );
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('error', onError);
    socket.once('connect', onConnect);
  });
}

function connectByTcp(host: string, port: number): Socket {
  return connect({ host, port, noDelay: true, allowHalfOpen: true });
}

async function resolved({ lookup, resolveMs }: DialOptions, host: string): Promise<readonly string[] | null> {
  try {
    return await resolveHost(lookup, host, resolveMs);
  } catch (error) {
    if (error instanceof EgressDenied) return null;
    throw error;
  }
}

function isOwnAddress(address: string): boolean {
  return Object.values(networkInterfaces()).some((list) => list?.some((one) => one.address === address));
}

function denied(reason: string): { readonly ok: false; readonly error: DialFailure } {
  return err({ code: 'egress-denied', reason });
}
