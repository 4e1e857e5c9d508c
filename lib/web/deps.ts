import 'server-only';
import { createPrisma, type Database } from '#lib/server/db/prisma.ts';
import { type Env, loadEnv } from '#lib/server/env.ts';
import { type Keys, loadKeys } from '#lib/server/keys/load-keys.ts';
import { createLog, type Log } from '#lib/server/log.ts';
import { createChildStarter, type StartChild } from '#lib/server/runner/child-starter.ts';
import { egressProxyOrigin } from '#lib/server/runner/proxy-origin.ts';
import { createRunnerClient, type RunnerClient } from '#lib/server/runner/runner-client.ts';
import { runnerSocketPath } from '#lib/server/runner/socket-path.ts';

/** What every handler in the Next bundle works with. */
export type WebDeps = {
  readonly prisma: Database;
  readonly keys: Keys;
  readonly env: Env;
  readonly log: Log;
  readonly startChild: StartChild;
  readonly runner: RunnerClient;
};

// On globalThis, because the development server re-evaluates modules at every edit and each copy would open a pool.
declare global {
  var countersignWebDeps: Promise<WebDeps> | undefined;
}

/** The one set of dependencies of this process's Next bundle, made at first use. */
export function getDeps(): Promise<WebDeps> {
  globalThis.countersignWebDeps ??= makeDeps();
  return globalThis.countersignWebDeps;
}

async function makeDeps(): Promise<WebDeps> {
  const env = loadEnv();
  if (env.databaseUrl === undefined) {
    throw new Error('DATABASE_URL is not set: the supervisor passes it to the console.');
  }
  const keys = loadKeys(env.dataDir, env.masterKeyFile);
  const log = createLog(env.logLevel, 'console-web');
  const runner = createRunnerClient({ socketPath: runnerSocketPath(env.dataDir), log });
  return {
    env,
    keys,
    prisma: createPrisma(env.databaseUrl, { max: 12, name: 'countersign-console' }),
    log,
    startChild: createChildStarter({ runner, keys, proxyOrigin: egressProxyOrigin(env) }),
    runner,
  };
}
