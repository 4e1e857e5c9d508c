import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const GRACE_MS = 5_000;
const AGAIN_MS = 2_000;

export type DemoProcess = { stop(): Promise<void> };

/**
 * Keeps one process of the demo running until `stop`. It ends by itself when we are gone, because its channel closes.
 * Its environment is exactly what is given here: the everything server has a tool that tells its environment to whoever
 * asks, so nothing of ours may be in it.
 */
export function keepRunning(options: {
  readonly file: string;
  readonly args?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Sent over the channel once the process runs; where secrets go, because anybody may read an environment. */
  readonly message?: Readonly<Record<string, unknown>>;
}): DemoProcess {
  const file = fileURLToPath(new URL(options.file, import.meta.url));
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopping = false;

  const start = () => {
    child = spawn(process.execPath, [file, ...(options.args ?? [])], {
      env: { NODE_ENV: 'production', ...options.environment },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      // A process group of its own, so that Ctrl-C reaches the supervisor only, which drains in order.
      detached: process.platform !== 'win32',
    });
    child.on('error', () => undefined);
    if (options.message !== undefined) {
      child.send(options.message, () => undefined);
    }
    child.once('close', () => {
      child = undefined;
      if (!stopping) {
        timer = setTimeout(start, AGAIN_MS);
      }
    });
  };

  start();
  return {
    stop: async () => {
      stopping = true;
      clearTimeout(timer);
      const running = child;
      if (running === undefined) {
        return;
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      running.once('close', () => resolve());
      running.kill('SIGTERM');
      const cut = setTimeout(() => running.kill('SIGKILL'), GRACE_MS);
      await promise;
      clearTimeout(cut);
    },
  };
}
