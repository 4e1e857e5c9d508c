// Server-only. One child of the runner: its process, what it uses, and its end.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, realpathSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { err, ok, type Result } from '#lib/core/result.ts';
import { bareEnvironment, programPath, serverEnvironment } from '../env.ts';
import { childEnvironment, proxyAt } from './child-environment.ts';
import { filesOf, type Guarded } from './child-files.ts';
import type { Sandbox } from './probe-sandbox.ts';
import { killMarked, killQuietly, type TreeUse, treeUse } from './process-tree.ts';
import type { ChildExit } from './runner-client.ts';
import { INNER_HOME, INNER_KEEPER, INNER_PROXY_PORT, INNER_PROXY_SOCKET, sandboxArguments } from './sandbox.ts';
import { socketAddress } from './socket-path.ts';
import { createStderrTail, type StderrTail } from './stderr-tail.ts';

export type Limits = { readonly memoryMiB: number; readonly processes: number; readonly cpuSeconds: number };

export type ChildOrder = {
  readonly argv: readonly string[];
  readonly writable: readonly string[];
  readonly credential: Readonly<Record<string, string>>;
  readonly proxyUrl: string | null;
  /** Outside path of its home; it stays between starts, so that a package is fetched once. */
  readonly home: string;
};

/** What is the same for all children of a runner. */
export type ChildGround = {
  readonly sandbox: Sandbox;
  readonly limits: Limits;
  readonly guarded: Guarded;
  /** Where sockets of children lie. */
  readonly runDirectory: string;
  /** Where the egress proxy listens, as `http://host:port`. */
  readonly proxyOrigin: string;
};

export type SpawnedChild = {
  readonly pid: number;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: StderrTail;
  readonly exited: Promise<ChildExit>;
  use(): TreeUse;
  /** Starts counting processor time anew: it was given work. */
  wasAsked(): void;
  stop(): void;
  /** Whether it was asked to end, so that its end is no crash. */
  isStopping(): boolean;
  kill(reason: string | null): void;
};

const KEEPER = fileURLToPath(new URL('./keeper.mts', import.meta.url));
const WATCH_MS = 250;
const STOP_MS = 2_000;

/**
 * Starts a child in a sandbox where there is one. In a sandbox nobody outlives it: its process namespace ends with it.
 * Elsewhere its group and everything that carries its mark are killed, also when the runner itself is killed; a program that
 * leaves the group and empties its environment on purpose gets away, which docs/security.md says.
 */
export async function spawnChild(
  ground: ChildGround,
  order: ChildOrder,
): Promise<Result<SpawnedChild, { readonly detail: string }>> {
  const id = randomUUID();
  const isBoxed = ground.sandbox.kind === 'bubblewrap';
  const home = join(order.home, 'home');
  const tmp = join(order.home, `tmp-${id}`);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const proxyUrl = order.proxyUrl === null ? null : proxyAt(order.proxyUrl, ground.proxyOrigin);
  const environment = childEnvironment({
    base: serverEnvironment(),
    home: isBoxed ? INNER_HOME : home,
    tmp: isBoxed ? '/tmp' : tmp,
    proxyUrl: proxyUrl !== null && isBoxed ? proxyAt(proxyUrl, `http://127.0.0.1:${INNER_PROXY_PORT}`) : proxyUrl,
    credential: order.credential,
  });
  if (!environment.ok) {
    return err({ detail: `A credential may not be called ${environment.error.name}: it would steer the program.` });
  }
  if (!isBoxed) mkdirSync(tmp, { recursive: true, mode: 0o700 });
  const relay =
    isBoxed && proxyUrl !== null
      ? await openRelay(join(ground.runDirectory, `${id.slice(0, 8)}.sock`), ground.proxyOrigin)
      : null;
  const [program, args] = commandOf(ground, order, { home, relay: relay?.path ?? null, mark: tmp });
  const child = spawn(program, args, {
    env: bareEnvironment(environment.value),
    cwd: home,
    // The fourth is the lifeline: the keeper notices when our end of it closes.
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    detached: true,
    shell: false,
  });
  const cleanUp = () => {
    relay?.server.close();
    if (relay !== null) rmSync(relay.path, { force: true });
    if (!isBoxed) rmSync(tmp, { recursive: true, force: true });
  };
  const { stdin, stdout, stderr, pid } = child;
  if (pid === undefined || stdin === null || stdout === null || stderr === null) {
    child.on('error', () => undefined);
    cleanUp();
    return err({
      detail:
        'The program could not be started: this host may be out of processes or memory; the log of the runner says more.',
    });
  }
  return ok(watch({ child, pid, stdin, stdout, stderr }, ground, isBoxed ? null : tmp, cleanUp));
}

type Outside = { readonly home: string; readonly relay: string | null; readonly mark: string };

function commandOf(ground: ChildGround, order: ChildOrder, outside: Outside): readonly [string, readonly string[]] {
  const { sandbox } = ground;
  const node = ['--disable-warning=ExperimentalWarning'];
  if (sandbox.kind === 'none') {
    return [process.execPath, [...node, KEEPER, '-', '0', outside.mark, '--', ...order.argv]];
  }
  const box = sandboxArguments({
    unshareUser: sandbox.unshareUser,
    readable: filesOf(order.argv, programPath(), ground.guarded),
    writable: order.writable.map((path) => realpathSync(path)),
    hiddenDirectories: ground.guarded.directories,
    hiddenFiles: ground.guarded.files,
    home: outside.home,
    keeper: KEEPER,
    proxySocket: outside.relay,
    memoryMiB: ground.limits.memoryMiB,
  });
  const keeper = [INNER_KEEPER, outside.relay === null ? '-' : INNER_PROXY_SOCKET, String(INNER_PROXY_PORT), '-', '--'];
  return [sandbox.program, [...box, process.execPath, ...node, ...keeper, ...order.argv]];
}

type Pipes = {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
};

function watch(pipes: Pipes, ground: ChildGround, mark: string | null, cleanUp: () => void): SpawnedChild {
  const { child, pid, stdin, stdout, stderr } = pipes;
  const { limits } = ground;
  const exit = Promise.withResolvers<ChildExit>();
  const tail = createStderrTail();
  let reason: string | null = null;
  let isStopping = false;
  let cpuAtWork = 0;
  let use: TreeUse = { pids: [], rssBytes: 0, cpuMs: 0 };

  const killAll = () => {
    for (const below of treeUse(pid, limits.processes * 4).pids) killQuietly(below);
    killQuietly(-pid);
    if (mark !== null) killMarked(mark, process.pid);
  };
  const kill = (why: string | null) => {
    reason ??= why;
    killAll();
  };
  const look = () => {
    use = treeUse(pid, limits.processes);
    if (use.rssBytes > limits.memoryMiB * 1024 * 1024) kill(`It used more than ${limits.memoryMiB} MiB of memory.`);
    else if (use.pids.length > limits.processes) kill(`It started more than ${limits.processes} processes.`);
    else if (use.cpuMs - cpuAtWork > limits.cpuSeconds * 1000) {
      kill(`It used ${limits.cpuSeconds} s of processor time without being asked anything.`);
    }
  };
  const watching = setInterval(look, WATCH_MS);
  const end = (code: number | null, signal: string | null) => {
    clearInterval(watching);
    // The server's own end is no reason for what it started to go on.
    killQuietly(-pid);
    if (mark !== null) killMarked(mark, process.pid);
    cleanUp();
    exit.resolve({ code, signal, reason });
  };
  child.on('error', () => end(null, null));
  child.on('exit', end);
  for (const stream of child.stdio) stream?.on('error', () => undefined);
  stderr.on('data', (chunk: Buffer) => tail.add(chunk));
  return {
    pid,
    stdin,
    stdout,
    stderr: tail,
    exited: exit.promise,
    use: () => use,
    wasAsked: () => {
      cpuAtWork = use.cpuMs;
    },
    isStopping: () => isStopping,
    stop: () => {
      if (isStopping) return;
      isStopping = true;
      stdin.end();
      // A sandbox ends at once when bubblewrap is told to; its server gets the end of its input to go by itself.
      if (mark !== null) child.kill('SIGTERM');
      setTimeout(killAll, STOP_MS).unref();
    },
    kill,
  };
}

/** A socket that leads to the egress proxy and nowhere else, to be put into one sandbox. */
function openRelay(path: string, proxyOrigin: string): Promise<{ readonly server: Server; readonly path: string }> {
  const { hostname, port } = new URL(proxyOrigin);
  const host = hostname.replace(/^\[|\]$/g, '');
  const server = createServer({ allowHalfOpen: true }, (inside) => {
    const outside = connect({ host, port: Number(port), allowHalfOpen: true });
    inside.pipe(outside).pipe(inside);
    for (const [one, other] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  const address = socketAddress(path);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(address.path, () => {
      address.done();
      resolve({ server, path });
    });
  });
}
