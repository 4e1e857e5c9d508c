// Server-only. The runner: the only process that starts stdio servers, asked over a socket that only our user can open.
import { chmodSync, readdirSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { crashed, type Known, knownOf, statusOf } from './child-records.ts';
import { mayStart } from './crash-record.ts';
import { createFrameReader, FRAMES, frame, PIECE_BYTES } from './frames.ts';
import { judgeStart } from './judge-start.ts';
import { type ChildExit, childSpecSchema } from './runner-client.ts';
import type { RunnerOptions } from './runner-options.ts';
import { makeSocketDirectory, socketAddress } from './socket-path.ts';
import { type ChildGround, type SpawnedChild, spawnChild } from './spawn-child.ts';

export type { RunnerOptions };
export type Runner = { close(): Promise<void> };

const MOST_CONNECTIONS = 512;
const MOST_LINE_BYTES = 64 * 1024 * 1024;
const MOST_UNREAD_BYTES = 64 * 1024 * 1024;
const PAUSE_AT_BYTES = 1024 * 1024;
const BREATH_MS = 250;
/** How long the pipe of a child that is gone may stay silent, and how long it may go on talking. */
const LAST_BYTES_MS = 1_000;
const MOST_LAST_BYTES_MS = 10_000;
/** A pause this short is waited for; after a longer one the caller is told at once. */
const WORTH_WAITING_MS = 1_000;
const LF = 0x0a;
const askSchema = z.object({ server: z.string() });

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
        socket.end(frame(FRAMES.answer, JSON.stringify(statusOf(serverAsked(payload), at.options, at.known))));
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
  if (!spec.success)
    return refuse(socket, 'This is no order for a child: gateway and runner are of different versions; restart both.');
  const { server, configHash, env, proxyUrl } = spec.data;
  const one = knownOf(at.known, `${server} ${configHash}`, server);
  const when = mayStart(one.crashes, performance.now());
  if (when.kind === 'loop') {
    return refuse(socket, `It keeps crashing and rests for ${Math.ceil(when.forMs / 1000)} s; its page shows why.`);
  }
  if (when.kind === 'pause') {
    if (when.forMs > WORTH_WAITING_MS) return refuse(socket, 'The server is restarting.');
    await delay(when.forMs);
  }
  const order = await judgeStart(options, spec.data);
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
      tellEnd(socket, child, exit);
    },
    () => undefined,
  );
  const { checkPackage } = order;
  passOn(socket, child, checkPackage === null ? null : () => checkPackage(join(home, 'home')));
  socket.write(frame(FRAMES.started));
  return child;
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

/**
 * Tells how a child ended. Its last bytes are still on their way through its pipe and come before that, but a program that
 * left its group holds the pipe open for ever: after a moment in which nothing came, the pipe is cut.
 */
function tellEnd(socket: Socket, { stdout }: SpawnedChild, exit: ChildExit): void {
  const tell = () => socket.end(frame(FRAMES.exited, JSON.stringify(exit)));
  if (stdout.readableEnded || stdout.destroyed) {
    tell();
    return;
  }
  let cut = setTimeout(() => stdout.destroy(), LAST_BYTES_MS);
  const until = performance.now() + MOST_LAST_BYTES_MS;
  stdout.on('data', () => {
    if (performance.now() > until) return;
    clearTimeout(cut);
    cut = setTimeout(() => stdout.destroy(), LAST_BYTES_MS);
  });
  stdout.once('close', () => {
    clearTimeout(cut);
    tell();
  });
}

function serverAsked(payload: Buffer): string {
  const asked = askSchema.safeParse(parsed(payload));
  return asked.success ? asked.data.server : '';
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
