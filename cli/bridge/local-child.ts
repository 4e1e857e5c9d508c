// The local stdio server: started from an argument vector, spoken to by lines, ended with its client.
import { spawn } from 'node:child_process';
import type { JsonObject } from '#lib/core/json/value.ts';
import { ownValue } from '#lib/core/json/value.ts';
import { idKey, isRpcId, type RpcId } from '#lib/server/gateway/json-rpc.ts';
import { linesOf } from './lines.ts';
import { parseJson } from './wire.ts';

/** A response: read, and as it was written. */
export type LocalAnswer = { readonly body: JsonObject; readonly raw: string };

export type LocalChild = {
  /** Sends a line and answers with the response to it; null when the server ended first or the signal came. */
  ask(line: string, id: RpcId, signal: AbortSignal): Promise<LocalAnswer | null>;
  tell(line: string): void;
  /** Its exit code, or the signal's name. */
  readonly ended: Promise<number | string>;
  stop(): Promise<void>;
};

export type ChildEvents = {
  /** A notification or a request of the server's own. */
  readonly onMessage: (message: JsonObject, raw: string) => void;
};

const TERM_AFTER_MS = 2_000;
const KILL_AFTER_MS = 5_000;

/** Starts the program directly, without a shell: what stands in an agent's configuration is an argument vector. */
export function startLocalChild(command: readonly string[], events: ChildEvents): LocalChild {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'], shell: false, windowsHide: true });
  const waiting = new Map<string, (answer: LocalAnswer | null) => void>();
  let isOver = false;
  const ended = new Promise<number | string>((resolve) => {
    const over = (how: number | string) => {
      isOver = true;
      for (const answer of waiting.values()) answer(null);
      waiting.clear();
      resolve(how);
    };
    child.once('error', (error) => over('code' in error ? String(error.code) : 'failed'));
    child.once('close', (code, signal) => over(signal ?? code ?? 1));
  });
  child.stdin.on('error', () => undefined);
  void readLines();

  async function readLines(): Promise<void> {
    try {
      for await (const line of linesOf(child.stdout)) {
        const body = line === null ? undefined : parseJson(line);
        if (line === null || typeof body !== 'object' || body === null || Array.isArray(body)) continue;
        // An object, by the line above; arrays are excluded, which the type does not say.
        const message = body as JsonObject;
        const id = ownValue(message, 'id');
        if (ownValue(message, 'method') === undefined && isRpcId(id)) {
          waiting.get(idKey(id))?.({ body: message, raw: line });
          waiting.delete(idKey(id));
        } else events.onMessage(message, line);
      }
    } catch {
      // The pipe broke: `close` says so.
    }
  }

  return {
    ask: (line, id, signal) =>
      new Promise((resolve) => {
        if (isOver || signal.aborted) {
          resolve(null);
          return;
        }
        const key = idKey(id);
        const leave = () => {
          waiting.delete(key);
          resolve(null);
        };
        signal.addEventListener('abort', leave, { once: true });
        waiting.set(key, (answer) => {
          signal.removeEventListener('abort', leave);
          resolve(answer);
        });
        child.stdin.write(`${line}\n`);
      }),
    tell: (line) => {
      if (!isOver) child.stdin.write(`${line}\n`);
    },
    ended,
    stop: async () => {
      child.stdin.end();
      const term = setTimeout(() => child.kill('SIGTERM'), TERM_AFTER_MS);
      const kill = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
      await ended;
      clearTimeout(term);
      clearTimeout(kill);
    },
  };
}
