import { setTimeout as delay } from 'node:timers/promises';
import { err, ok, type Result } from '#lib/core/result.ts';
import { migrate } from '#lib/server/db/migrate.ts';
import { createPrisma, type Database } from '#lib/server/db/prisma.ts';
import { type Env, readProcessEnv } from '#lib/server/env.ts';
import { KeyFileError } from '#lib/server/keys/key-files.ts';
import { type Keys, loadKeys } from '#lib/server/keys/load-keys.ts';
import { createSetupLink } from '#lib/server/people/create-setup-link.ts';
import { removeRuntimeFile, writeRuntimeFile } from '#lib/server/runtime-file.ts';
import { startDemo } from '../demo.ts';
import { buildConsole } from './build-console.ts';
import { type Child, startChild } from './child.ts';
import { prepareDataDir } from './data-dir.ts';
import { isLive } from './health.ts';
import { lockFile } from './instance-lock.ts';
import { type OpenDatabase, openDatabase } from './open-database.ts';
import type { Options, StartProblem } from './options.ts';
import { claimPorts } from './ports.ts';
import { sandboxLine } from './sandbox-line.ts';

const HEALTHY_WITHIN_MS = 60_000;
const POLL_MS = 50;
const DATABASE_WATCH_MS = 500;
const DRAIN_MS = 12_000;
/** A child that dies this often before it was ever healthy does not start at all. */
const DEATHS_BEFORE_HEALTHY = 3;

export type Supervisor = { stop(): Promise<void>; killChildren(): void };
type Say = (line: string) => void;
type Cleanup = () => Promise<void> | void;

/**
 * Starts everything that `options` asks for and answers when it is healthy.
 * What was started when a step refuses, or `signal` aborts, is stopped again in reverse order.
 */
export async function runSupervisor(
  root: string,
  options: Options,
  say: Say,
  signal: AbortSignal,
): Promise<Result<Supervisor, StartProblem>> {
  const undo: Cleanup[] = [];
  const children: Child[] = [];
  const stop = async () => {
    for (const cleanup of undo.splice(0).reverse()) {
      await cleanup();
    }
  };
  const killChildren = () => {
    for (const child of children) {
      child.kill();
    }
  };
  const started = await start(root, options, say, signal, undo, children);
  if (!started.ok) {
    await stop();
    return started;
  }
  return ok({ stop, killChildren });
}

async function start(
  root: string,
  options: Options,
  say: Say,
  signal: AbortSignal,
  undo: Cleanup[],
  children: Child[],
): Promise<Result<void, StartProblem>> {
  const asked = readProcessEnv();
  if (!asked.ok) {
    return asked;
  }
  const demo = options.demo ? demoEnvironment(asked.value) : {};
  const first = readProcessEnv(demo);
  if (!first.ok) {
    return first;
  }
  const dataDir = first.value.dataDir;
  const prepared = prepareDataDir(dataDir);
  if (!prepared.ok) {
    return prepared;
  }
  const lock = lockFile(dataDir, 'instance.lock');
  if (!lock.ok) {
    return err({ sentence: `Countersign already runs from ${dataDir} (process ${lock.error.pid}): stop it first.` });
  }
  undo.push(lock.value.release);
  const ports = await claimPorts(first.value, options.roles, lock.value.afterCrash);
  if (!ports.ok) {
    return ports;
  }
  const second = readProcessEnv({ ...demo, ...ports.value });
  if (!second.ok) {
    return second;
  }
  const env = second.value;
  if (options.roles.includes('console') && !options.dev) {
    const began = performance.now();
    const built = await buildConsole(root, say, signal);
    if (!built.ok) {
      return built;
    }
    if (built.value === 'built') {
      say(`Built the console in ${seconds(began)} s.`);
    }
  }
  const base = await openBase(env, say, undo);
  if (!base.ok) {
    return base;
  }
  const { database, prisma, keys } = base.value;
  if (signal.aborted) {
    return err({ sentence: 'Stopped before the start was complete.' });
  }
  const environment = {
    ...demo,
    ...ports.value,
    COUNTERSIGN_DATA_DIR: dataDir,
    DATABASE_URL: database.url,
    NODE_ENV: options.dev ? 'development' : 'production',
    NEXTAUTH_URL: env.consoleUrl,
    NEXT_TELEMETRY_DISABLED: '1',
    CS_SUPERVISED: '1',
    CS_DEV: options.dev ? '1' : '0',
  };
  for (const role of options.roles) {
    children.push(
      startChild({
        role,
        root,
        dataDir,
        environment,
        logToFile: process.stdout.isTTY === true,
        onDeath: (how, againInMs) => say(`The ${role} ended (${how}); starting it again in ${againInMs} ms.`),
      }),
    );
  }
  undo.push(async () => {
    await Promise.all(children.map((child) => child.stop(DRAIN_MS)));
  });
  const healthy = await waitUntilHealthy(env, children, signal);
  if (!healthy.ok) {
    return healthy;
  }
  undo.push(() => removeRuntimeFile(dataDir));
  writeRuntimeFile(dataDir, {
    version: 1,
    pid: process.pid,
    startedAt: new Date().toISOString(),
    databaseUrl: database.url,
    embedded: database.embedded !== undefined,
    consoleUrl: env.consoleUrl,
    gatewayUrl: env.gatewayUrl,
    consolePort: env.consolePort,
    gatewayPort: env.gatewayPort,
    metricsPort: env.metricsPort,
    roles: [...options.roles],
  });
  await announce(env, options, prisma, say);
  if (options.demo) {
    const running = await startDemo({ prisma, keys, env, root, say });
    undo.push(() => running.stop());
  }
  return ok(undefined);
}

type Base = { readonly database: OpenDatabase; readonly prisma: Database; readonly keys: Keys };

async function openBase(env: Env, say: Say, undo: Cleanup[]): Promise<Result<Base, StartProblem>> {
  const opened = await openDatabase(env);
  if (!opened.ok) {
    return opened;
  }
  const { url, embedded } = opened.value;
  if (embedded !== undefined) {
    undo.push(() => embedded.stop());
    let restarting: Promise<void> | undefined;
    const watch = setInterval(() => {
      if (restarting === undefined && !embedded.isRunning()) {
        restarting = embedded
          .restart()
          .then(
            (again) => say(again.ok ? 'The database had ended; it runs again.' : again.error.sentence),
            () => say('The database ended and could not be started; trying again.'),
          )
          .finally(() => {
            restarting = undefined;
          });
      }
    }, DATABASE_WATCH_MS);
    undo.push(async () => {
      clearInterval(watch);
      await restarting;
    });
    if (embedded.elsewhere) {
      say(`The OS user "postgres" cannot enter ${env.dataDir}: the database lies in ${embedded.dataDirectory}.`);
    }
  }
  const migrated = await migrate(url);
  if (!migrated.ok) {
    return migrated;
  }
  if (migrated.value.length > 0) {
    say(`Applied ${migrated.value.length} migration(s).`);
  }
  try {
    const keys = loadKeys(env.dataDir, env.masterKeyFile);
    const prisma = createPrisma(url, { max: 2, name: 'countersign-main' });
    undo.push(() => prisma.$disconnect());
    return ok({ database: opened.value, prisma, keys });
  } catch (error) {
    if (error instanceof KeyFileError) {
      return err({ sentence: error.message });
    }
    throw error;
  }
}

async function waitUntilHealthy(
  env: Env,
  children: readonly Child[],
  signal: AbortSignal,
): Promise<Result<void, StartProblem>> {
  const deadline = performance.now() + HEALTHY_WITHIN_MS;
  for (const child of children) {
    while (!(await isUp(env, child))) {
      if (signal.aborted) {
        return err({ sentence: 'Stopped before the start was complete.' });
      }
      const failing = children.find((one) => one.deaths() >= DEATHS_BEFORE_HEALTHY);
      if (failing !== undefined || performance.now() > deadline) {
        const { role, logTail } = failing ?? child;
        return err({ sentence: `The ${role} does not start.${logTail() === '' ? '' : `\n${logTail()}`}` });
      }
      await delay(POLL_MS);
    }
  }
  return ok(undefined);
}

function isUp(env: Env, child: Child): boolean | Promise<boolean> {
  return child.role === 'worker' || child.role === 'runner' ? child.isReady() : isLive(env, child.role);
}

/** The demo's own data beside the real ones, and never the operator's database or key: it makes people and agents. */
function demoEnvironment(env: Env): Record<string, string> {
  return { COUNTERSIGN_DATA_DIR: `${env.dataDir}-demo`, DATABASE_URL: '', MASTER_KEY_FILE: '', CS_DEMO: '1' };
}

async function announce(env: Env, options: Options, prisma: Database, say: Say): Promise<void> {
  say('');
  if (options.roles.includes('console')) {
    say(`  Console   ${env.consoleUrl}`);
  }
  if (options.roles.includes('gateway')) {
    say(`  Gateway   ${env.gatewayUrl}/mcp`);
  }
  say(`  Data      ${env.dataDir}`);
  if (options.roles.includes('runner')) say(`  Sandbox   ${await sandboxLine(env)}`);
  // The demo brings its own people.
  const link =
    options.demo || !options.roles.includes('console') ? null : await createSetupLink(prisma, env.consoleUrl);
  if (link !== null) {
    say('');
    say('  Nobody can sign in yet. Open this link within 15 minutes, it works once:');
    say(`  ${link.url}`);
  }
  say('');
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1_000).toFixed(1);
}
