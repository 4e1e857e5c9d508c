// Server-only. How the gateway and the console ask the runner for a child. Neither can name a program: they name a server.
import { createConnection, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { err, ok, type Result } from '#lib/core/result.ts';
import { isName } from '#lib/core/servers/names.ts';
import type { Log } from '../log.ts';
import { createFrameReader, FRAMES, frame, PIECE_BYTES } from './frames.ts';
import { type RunnerStatus, runnerStatusSchema } from './runner-status.ts';
import { socketAddress } from './socket-path.ts';

export type ChildSpec = {
  readonly server: string;
  readonly configHash: string;
  /** The credential's variables, for this child only. */
  readonly env: Readonly<Record<string, string>>;
  /** The egress proxy with the server's own credential; null: the child reaches nothing. */
  readonly proxyUrl: string | null;
};

export const childSpecSchema = z.strictObject({
  server: z.string().refine(isName),
  configHash: z.string().regex(/^[0-9a-f]{64}$/),
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string().max(64 * 1024)),
  proxyUrl: z.string().max(4096).nullable(),
}) satisfies z.ZodType<ChildSpec>;

const exitSchema = z.object({
  code: z.number().nullable(),
  signal: z.string().nullable(),
  /** Our own sentence when we ended it: a limit. Null when it ended by itself or was asked to. */
  reason: z.string().nullable(),
});
export type ChildExit = z.infer<typeof exitSchema>;

/** A child of the runner. Closing the connection, for whatever reason, ends the child. */
export type ChildHandle = {
  readonly stdout: Readable;
  /** Resolves when the child, or the runner, is gone. */
  readonly exited: Promise<ChildExit>;
  write(text: string): void;
  /** Bytes that wait to be read by the child. */
  unread(): number;
  /** Asks it to end; it is cut after a moment. */
  stop(): Promise<void>;
  kill(): void;
};

export type StartRefusal = { readonly code: 'upstream-failed'; readonly detail: string };

export type RunnerClient = {
  start(spec: ChildSpec): Promise<Result<ChildHandle, StartRefusal>>;
  /** How its children are; null when it does not answer. */
  status(server: string): Promise<RunnerStatus | null>;
};

const ANSWER_MS = 15_000;
const STATUS_MS = 2_000;
const AWAY =
  'The runner does not answer: stdio servers start only there. Start it with "npm start" or "countersign start --roles runner".';
const GONE: ChildExit = { code: null, signal: null, reason: 'The runner stopped.' };
const refusalSchema = z.object({ detail: z.string() });

/** Makes the client of the runner behind a socket. It connects once for each child, so a slow one holds up no other. */
export function createRunnerClient(deps: { readonly socketPath: string; readonly log: Log }): RunnerClient {
  return {
    start: (spec) => startOver(deps, spec),
    status: (server) => askOver(deps, server),
  };
}

type Deps = { readonly socketPath: string; readonly log: Log };

function startOver({ socketPath, log }: Deps, spec: ChildSpec): Promise<Result<ChildHandle, StartRefusal>> {
  const { promise, resolve } = Promise.withResolvers<Result<ChildHandle, StartRefusal>>();
  const socket = dial(socketPath);
  const exit = Promise.withResolvers<ChildExit>();
  const stdout = new Readable({ read: () => socket.resume() });
  // A reader that has left must not turn the end of the stream into an error.
  stdout.on('error', () => undefined);
  const timer = setTimeout(() => socket.destroy(), ANSWER_MS);
  const refuse = (detail: string) => {
    resolve(err({ code: 'upstream-failed', detail }));
    socket.destroy();
  };
  const read = createFrameReader((kind, payload) => {
    switch (kind) {
      case FRAMES.started:
        clearTimeout(timer);
        resolve(ok(handleOf(socket, stdout, exit.promise)));
        return;
      case FRAMES.refused: {
        const refusal = refusalSchema.safeParse(parsed(payload));
        refuse(refusal.success ? refusal.data.detail : AWAY);
        return;
      }
      case FRAMES.output:
        // The frame's memory belongs to the socket's chunk; a slow reader would keep the whole of it alive.
        if (!stdout.push(Buffer.from(payload))) socket.pause();
        return;
      case FRAMES.exited: {
        const how = exitSchema.safeParse(parsed(payload));
        exit.resolve(how.success ? how.data : GONE);
      }
    }
  });
  socket.on('data', (chunk: Buffer) => {
    if (read(chunk)) return;
    log.error({ server: spec.server }, 'the runner sent what is no frame');
    socket.destroy();
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    clearTimeout(timer);
    resolve(err({ code: 'upstream-failed', detail: AWAY }));
    stdout.push(null);
    exit.resolve(GONE);
  });
  socket.write(frame(FRAMES.start, JSON.stringify(spec)));
  return promise;
}

function handleOf(socket: Socket, stdout: Readable, exited: Promise<ChildExit>): ChildHandle {
  const send = (kind: number) => {
    if (!socket.destroyed) socket.write(frame(kind));
  };
  return {
    stdout,
    exited,
    write: (text) => {
      if (socket.destroyed) return;
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
        socket.write(frame(FRAMES.input, bytes.subarray(at, at + PIECE_BYTES)));
      }
    },
    unread: () => socket.writableLength,
    stop: async () => {
      send(FRAMES.stop);
      // The exit comes after what the child still prints; nobody may read that any more.
      stdout.resume();
      await exited;
      socket.destroy();
    },
    kill: () => {
      send(FRAMES.kill);
      stdout.resume();
    },
  };
}

function askOver({ socketPath }: Deps, server: string): Promise<RunnerStatus | null> {
  const { promise, resolve } = Promise.withResolvers<RunnerStatus | null>();
  const socket = dial(socketPath);
  socket.setTimeout(STATUS_MS, () => socket.destroy());
  const read = createFrameReader((kind, payload) => {
    const status = runnerStatusSchema.safeParse(kind === FRAMES.answer ? parsed(payload) : null);
    resolve(status.success ? status.data : null);
    socket.destroy();
  });
  socket.on('data', (chunk: Buffer) => {
    if (!read(chunk)) socket.destroy();
  });
  socket.on('error', () => undefined);
  socket.on('close', () => resolve(null));
  socket.write(frame(FRAMES.ask, JSON.stringify({ server })));
  return promise;
}

function dial(socketPath: string): Socket {
  try {
    const address = socketAddress(socketPath);
    const socket = createConnection(address.path);
    let isOpen = true;
    const done = () => {
      if (isOpen) address.done();
      isOpen = false;
    };
    socket.once('connect', done);
    socket.once('close', done);
    return socket;
  } catch {
    // There is no directory: no runner has ever run here. Connecting says so in the usual way.
    return createConnection(`${socketPath.slice(0, 64)}.absent`);
  }
}

function parsed(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch {
    return null;
  }
}
