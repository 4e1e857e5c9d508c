// The gateway as its own process, so that a test can kill it.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { childEnvironment } from '#lib/server/env.ts';

export type GatewayProcess = {
  readonly port: number;
  readonly process: ChildProcess;
  /** Ends it with a signal and waits for the end. */
  kill(signal: NodeJS.Signals): Promise<{ readonly code: number | null }>;
};

const ENTRY = new URL('../../server/gateway.ts', import.meta.url).pathname;

/** Starts the real entry point; resolves when it listens. */
export function spawnGateway(environment: Readonly<Record<string, string>>): Promise<GatewayProcess> {
  const child = spawn(process.execPath, [ENTRY], {
    env: {
      ...childEnvironment({
        GATEWAY_PORT: '0',
        METRICS_PORT: '0',
        EGRESS_PROXY_PORT: '0',
        LOG_LEVEL: 'info',
        ...environment,
      }),
      NODE_ENV: 'production',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = (signal: NodeJS.Signals) =>
    new Promise<{ code: number | null }>((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) {
        resolve({ code: child.exitCode });
        return;
      }
      child.once('exit', (code) => resolve({ code }));
      child.kill(signal);
    });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the gateway ended with code ${code}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const port = /"port":(\d+).*is listening/.exec(line)?.[1];
      if (port !== undefined) resolve({ port: Number(port), process: child, kill });
    });
  });
}
