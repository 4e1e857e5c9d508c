// Server-only. The runner of an installation: its settings and its rows put together.
import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../db/prisma.ts';
import type { Env } from '../env.ts';
import type { Log } from '../log.ts';
import { findCommand } from './command-rows.ts';
import { isPackageAccepted, notePackage } from './package-rows.ts';
import type { Sandbox } from './probe-sandbox.ts';
import { egressProxyOrigin } from './proxy-origin.ts';
import { runnerSocketPath } from './socket-path.ts';
import { type Runner, type RunnerOptions, startRunner } from './start-runner.ts';

/** Processes of one server, and seconds of processor time that it may use on its own. */
const MOST_PROCESSES = 128;
const CPU_SECONDS = 300;

/**
 * Starts the runner of the installation that `env` describes. What is ours stays out of sight of every child: the data
 * directory, the master key, the keys of TLS, and `privateFiles`.
 */
export function openRunner(parts: {
  readonly prisma: Database;
  readonly env: Env;
  readonly log: Log;
  readonly sandbox: Sandbox;
  readonly privateFiles?: readonly string[];
  /** Tests make limits small and leave guards out; nobody else does. */
  readonly overrides?: Partial<RunnerOptions>;
}): Promise<Runner> {
  const { prisma, env, log, sandbox, privateFiles = [], overrides = {} } = parts;
  mkdirSync(env.dataDir, { recursive: true, mode: 0o700 });
  const dataDir = realpathSync(env.dataDir);
  const files = [env.masterKeyFile, env.tlsKeyFile, env.oidc?.clientSecretFile, ...privateFiles].flatMap((path) =>
    path !== undefined && existsSync(path) ? [realpathSync(path)] : [],
  );
  return startRunner({
    socketPath: runnerSocketPath(env.dataDir),
    homes: join(dataDir, 'servers'),
    sandbox,
    sandboxMode: env.runnerSandbox,
    programs: env.runnerPrograms,
    limits: { memoryMiB: env.runnerMemoryMiB, processes: MOST_PROCESSES, cpuSeconds: CPU_SECONDS },
    guarded: { directories: [dataDir], files },
    proxyOrigin: egressProxyOrigin(env),
    findCommand: (asked) => findCommand(prisma, asked),
    isPackageAccepted: (asked, mayBeUnknown) => isPackageAccepted(prisma, asked, mayBeUnknown),
    notePackage: (note) => notePackage(prisma, note),
    log,
    ...overrides,
  });
}
