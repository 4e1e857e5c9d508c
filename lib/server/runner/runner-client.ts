// Server-only. How the gateway and the console ask the runner for a child. Neither can name a program: they name a server.
import type { Readable } from 'node:stream';
import { err, type Result } from '#lib/core/result.ts';
import type { Log } from '../log.ts';

export type ChildSpec = {
  readonly server: string;
  readonly configHash: string;
  /** The credential's variables, for this child only. */
  readonly env: Readonly<Record<string, string>>;
  /** The egress proxy with the server's own credential; null: the child reaches nothing. */
  readonly proxyUrl: string | null;
};

export type ChildExit = { readonly code: number | null; readonly signal: string | null; readonly reason: string | null };

/** A child of the runner. Closing the connection, for whatever reason, ends the child. */
export type ChildHandle = {
  readonly stdout: Readable;
  /** Resolves when the child, or the runner, is gone. */
  readonly exited: Promise<ChildExit>;
  write(text: string): void;
  /** Bytes that wait to be read by the child. */
  unread(): number;
  /** Asks it to end, and cuts it after a moment. */
  stop(): Promise<void>;
  kill(): void;
};

export type StartRefusal = { readonly code: 'upstream-failed'; readonly detail: string };

export type RunnerClient = {
  start(spec: ChildSpec): Promise<Result<ChildHandle, StartRefusal>>;
};

export function createRunnerClient(_deps: { readonly socketPath: string; readonly log: Log }): RunnerClient {
  return {
    start: () =>
      Promise.resolve(err({ code: 'upstream-failed', detail: 'The runner does not run: start it with "npm start".' })),
  };
}
