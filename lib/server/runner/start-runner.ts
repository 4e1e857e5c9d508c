// Server-only. The runner: the only process that starts stdio servers, asked over a socket that only our user can open.
import { chmodSync, readdirSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Log } from '../log.ts';
import type { CommandRow } from './command-rows.ts';
import { addCrash, type CrashRecord, LOOP_CRASHES, mayStart, NO_CRASHES } from './crash-record.ts';
import { createFrameReader, FRAMES, frame, PIECE_BYTES } from './frames.ts';
import { type InstalledPackage, installedPackage, packageWish } from './pinned-package.ts';
import { type ChildExit, type ChildSpec, childSpecSchema } from './runner-client.ts';
import type { RunnerStatus } from './runner-status.ts';
import { makeSocketDirectory, socketAddress } from './socket-path.ts';
import { type ChildGround, type SpawnedChild, spawnChild } from './spawn-child.ts';

export type RunnerOptions = Omit<ChildGround, 'runDirectory'> & {
  readonly socketPath: string;
  readonly sandboxMode: 'required' | 'preferred';
  /** What commands that two people approved may start. */
  readonly programs: readonly string[];
  /** Where the children's homes lie. */
  readonly homes: string;
  readonly findCommand: (asked: Pick<ChildSpec, 'server' | 'configHash'>) => Promise<CommandRow | null>;
  readonly isPackageAccepted: (asked: Pick<ChildSpec, 'server' | 'configHash'>) => Promise<boolean>;
  readonly notePackage: (
    asked: Pick<ChildSpec, 'server' | 'configHash'>,
    found: InstalledPackage | null,
  ) => Promise<boolean>;
  readonly log: Log;
};

export type Runner = { close(): Promise<void> };

const MOST_CONNECTIONS = 512;
const MOST_LINE_BYTES = 64 * 1024 * 1024;
const MOST_UNREAD_BYTES = 64 * 1024 * 1024;
const PAUSE_AT_BYTES = 1024 * 1024;
const BREATH_MS = 250;
/** A pause this short is waited for; after a longer one the caller is told at once. */
const WORTH_WAITING_MS = 1_000;
const MOST_KNOWN = 1_000;
const LF = 0x0a;
const askSchema = z.object({ server: z.string() });

/** What is known of one server under one configuration. */
type Known = {
  readonly server: string;
  crashes: CrashRecord;
  readonly children: Map<SpawnedChild, { readonly startedAt: Date; readonly secrets: readonly string[] }>;
  lastExit: RunnerStatus['lastExit'];
  stderr: string;
};

/** Starts listening. Throws when another runner listens already: two would each think that the children are theirs. */
export async function startRunner(options: RunnerOptions): Promise<Runner> {
  const { socketPath, log } = options;
  makeSocketDirectory(socketPath);
  if (await answers(socketPath)) throw new Error(`Another runner listens at ${socketPath}.`);
  // Ours and those of children of a runner that was killed.
  for (const name of readdirSync(dirname(socketPath))) {
    if (name.endsWith('.sock')) rmSync(join(dirname(socketPath), name), { force: true });
  }
  const ground: ChildGround = { ...options, runDirectory: dirname(socketPath) };
  const known = new Map<string, Known>();
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: false }, (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => undefined);
    serve(socket, { options, ground, known });
  });
  server.maxConnections = MOST_CONNECTIONS;
  const address = socketAddress(socketPath);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address.path, resolve);
  });
  chmodSync(socketPath, 0o600);
  log.info({ sandbox: options.sandbox.kind }, 'the runner is listening');
  return {
    close: async () => {
      server.close();
      address.done();
      const children = [...known.values()].flatMap((one) => [...one.children.keys()]);
      for (const child of children) child.stop();
      await Promise.all(children.map((child) => child.exited));
      for (const socket of open) socket.destroy();
      rmSync(socketPath, { force: true });
    },
  };
}

type Ground = { readonly options: RunnerOptions; readonly ground: ChildGround; readonly known: Map<string, Known> };

function serve(socket: Socket, at: Ground): void {
  let child: SpawnedChild | null = null;
  let isOrdered = false;
  const early: Buffer[] = [];
  const input = (payload: Buffer) => {
    if (child === null) return;
    child.wasAsked();
    child.stdin.write(payload);
    if (child.stdin.writableLength > MOST_UNREAD_BYTES) child.kill('It did not read what it was sent.');
    else if (child.stdin.writableLength > PAUSE_AT_BYTES) socket.pause();
  };
  const read = createFrameReader((kind, payload) => {
    switch (kind) {
      case FRAMES.start:
        if (isOrdered) return;
        isOrdered = true;
        startFor(socket, payload, at).then(
          (started) => {
            child = started;
            if (started === null) return;
            if (socket.destroyed) started.kill(null);
            started.stdin.on('drain', () => socket.resume());
            for (const bytes of early.splice(0)) input(bytes);
          },
          (error: unknown) => {
            at.options.log.error({ err: error }, 'a child could not be started');
            refuse(socket, 'The runner could not start it; its log says why.');
          },
        );
        return;
      case FRAMES.ask:
        socket.end(frame(FRAMES.answer, JSON.stringify(statusOf(payload, at))));
        return;
      case FRAMES.input:
        if (child === null) {
          if (early.length < 16) early.push(Buffer.from(payload));
        } else input(payload);
        return;
      case FRAMES.stop:
        child?.stop();
        return;
      case FRAMES.kill:
        child?.kill(null);
    }
  });
  socket.on('data', (chunk: Buffer) => {
    if (!read(chunk)) socket.destroy();
  });
  // A paused socket would not even notice that its other end is gone: it is let breathe a little now and then.
  const breath = setInterval(() => socket.resume(), BREATH_MS);
  socket.on('close', () => {
    clearInterval(breath);
    child?.stop();
  });
}

async function startFor(socket: Socket, payload: Buffer, at: Ground): Promise<SpawnedChild | null> {
  const { options, ground } = at;
  const spec = childSpecSchema.safeParse(parsed(payload));
  if (!spec.success) return refuse(socket, 'This is no order for a child.');
  const { server, configHash, env, proxyUrl } = spec.data;
  const one = knownOf(at, `${server} ${configHash}`, server);
  const when = mayStart(one.crashes, performance.now());
  if (when.kind === 'loop') {
    return refuse(socket, `It keeps crashing and rests for ${Math.ceil(when.forMs / 1000)} s; its page shows why.`);
  }
  if (when.kind === 'pause') {
    if (when.forMs > WORTH_WAITING_MS) return refuse(socket, 'The server is restarting.');
    await delay(when.forMs);
  }
  const order = await judge(at, spec.data);
  if (!order.ok) return refuse(socket, order.detail);
  if (socket.destroyed) return null;
  const home = join(options.homes, server, configHash);
  const spawned = await spawnChild(ground, {
    argv: order.command.argv,
    writable: order.command.writable,
    credential: env,
    proxyUrl,
    home,
  });
  if (!spawned.ok) return refuse(socket, spawned.error.detail);
  const child = spawned.value;
  const secrets = [...Object.values(env), ...(proxyUrl === null ? [] : passwordOf(proxyUrl))];
  one.children.set(child, { startedAt: new Date(), secrets });
  child.exited.then(
    (exit) => {
      one.children.delete(child);
      one.stderr = child.stderr.text(secrets);
      one.lastExit = { at: new Date().toISOString(), ...exit };
      if (!child.isStopping()) crashed(one, exit, options.log);
      // The child's last bytes are still on their way through its pipe; they come before its end.
      const tell = () => socket.end(frame(FRAMES.exited, JSON.stringify(exit)));
      if (child.stdout.readableEnded || child.stdout.destroyed) tell();
      else child.stdout.once('close', tell);
    },
    () => undefined,
  );
  const wish = packageWish(order.command.argv);
  const check =
    wish.kind === 'exact'
      ? () => checkPackage(options, spec.data, installedPackage(join(home, 'home'), wish.name, wish.version))
      : null;
  passOn(socket, child, check);
  socket.write(frame(FRAMES.started));
  return child;
}

type Judged = { readonly ok: true; readonly command: CommandRow } | { readonly ok: false; readonly detail: string };

async function judge({ options }: Ground, spec: ChildSpec): Promise<Judged> {
  const no = (detail: string): Judged => ({ ok: false, detail });
  const command = await options.findCommand(spec);
  if (command === null) return no('No command of this configuration is defined on this host.');
  const [program = ''] = command.argv;
  if (command.source === 'approved' && !options.programs.includes(program)) {
    return no(`This host does not let ${JSON.stringify(program)} be started: RUNNER_PROGRAMS does not list it.`);
  }
  const isStrict = options.sandboxMode === 'required';
  if (isStrict && options.sandbox.kind === 'none') {
    return no(`RUNNER_SANDBOX is required, and ${options.sandbox.why}.`);
  }
  const wish = packageWish(command.argv);
  if (wish.kind === 'floating' && (isStrict || command.source === 'approved')) {
    return no('Its package has no exact version: name it as in package@1.2.3.');
  }
  if (wish.kind === 'exact' && !(await options.isPackageAccepted(spec))) return no(DRIFTED);
  return { ok: true, command };
}

const DRIFTED = 'Its package is not the one that was accepted: look at it on the page of the server.';

async function checkPackage(
  options: RunnerOptions,
  spec: ChildSpec,
  found: InstalledPackage | null,
): Promise<string | null> {
  if (found === null && options.sandboxMode === 'required') return 'Nobody can tell which package was installed.';
  return (await options.notePackage(spec, found)) ? null : DRIFTED;
}

/**
 * Carries a child's stdout over, as fast as it is read there. With `check`, the first bytes wait for it: a package that is
 * not the accepted one never gets as far as answering the handshake, so no call ever reaches it.
 */
function passOn(socket: Socket, child: SpawnedChild, check: (() => Promise<string | null>) | null): void {
  const { stdout } = child;
  let unfinished = 0;
  let isChecked = check === null;
  const send = (chunk: Buffer) => {
    const end = chunk.lastIndexOf(LF);
    unfinished = end === -1 ? unfinished + chunk.length : chunk.length - end - 1;
    if (unfinished > MOST_LINE_BYTES) child.kill('It wrote a line that does not end.');
    for (let from = 0; from < chunk.length; from += PIECE_BYTES) {
      if (!socket.write(frame(FRAMES.output, chunk.subarray(from, from + PIECE_BYTES)))) stdout.pause();
    }
  };
  socket.on('drain', () => {
    if (isChecked) stdout.resume();
  });
  stdout.on('data', (chunk: Buffer) => {
    if (isChecked || check === null) {
      send(chunk);
      return;
    }
    stdout.pause();
    check().then(
      (problem) => {
        if (problem !== null) {
          child.kill(problem);
          stdout.destroy();
          return;
        }
        isChecked = true;
        send(chunk);
        stdout.resume();
      },
      () => child.kill('It could not be checked which package runs.'),
    );
  });
}

function crashed(one: Known, exit: ChildExit, log: Log): void {
  one.crashes = addCrash(one.crashes, performance.now());
  const { code, signal, reason } = exit;
  log.warn({ server: one.server, code, signal, reason, crashes: one.crashes.at.length }, 'a stdio server ended');
}

function knownOf({ known }: Ground, key: string, server: string): Known {
  const present = known.get(key);
  if (present !== undefined) return present;
  for (const [old, { children }] of known) {
    if (known.size < MOST_KNOWN) break;
    if (children.size === 0) known.delete(old);
  }
  const made: Known = { server, crashes: NO_CRASHES, children: new Map(), lastExit: null, stderr: '' };
  known.set(key, made);
  return made;
}

function statusOf(payload: Buffer, { options, known }: Ground): RunnerStatus {
  const asked = askSchema.safeParse(parsed(payload));
  const name = asked.success ? asked.data.server : '';
  const all = [...known.values()].filter((one) => one.server === name);
  const now = performance.now();
  const rest = Math.max(0, ...all.map((one) => restOf(one, now)));
  const live = all.flatMap((one) => [...one.children]);
  const [latest] = live.map(([child, { secrets }]) => child.stderr.text(secrets)).filter((text) => text !== '');
  const { sandbox, sandboxMode, limits } = options;
  return {
    sandbox: sandbox.kind === 'none' ? sandbox : { kind: 'bubblewrap', version: sandbox.version },
    sandboxMode,
    limits,
    children: live.map(([child, { startedAt }]) => ({
      pid: child.pid,
      startedAt: startedAt.toISOString(),
      rssMiB: Math.round(child.use().rssBytes / 1024 / 1024),
      processes: child.use().pids.length,
    })),
    crashes: all.reduce((sum, one) => sum + one.crashes.at.length, 0),
    crashLoopUntil: rest > 0 ? new Date(Date.now() + rest).toISOString() : null,
    lastExit: all.map((one) => one.lastExit).findLast((exit) => exit !== null) ?? null,
    stderr: latest ?? all.map((one) => one.stderr).findLast((text) => text !== '') ?? '',
  };
}

function restOf(one: Known, nowMs: number): number {
  if (one.crashes.at.length < LOOP_CRASHES) return 0;
  const when = mayStart(one.crashes, nowMs);
  return when.kind === 'loop' ? when.forMs : 0;
}

function refuse(socket: Socket, detail: string): null {
  socket.end(frame(FRAMES.refused, JSON.stringify({ detail })));
  return null;
}

function passwordOf(proxyUrl: string): readonly string[] {
  return URL.canParse(proxyUrl) ? [new URL(proxyUrl).password].filter((text) => text !== '') : [];
}

function answers(socketPath: string): Promise<boolean> {
  const address = socketAddress(socketPath);
  const socket = createConnection(address.path);
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  }).then((answer) => {
    socket.destroy();
    address.done();
    return answer === true;
  });
}

function parsed(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch {
    return null;
  }
}
