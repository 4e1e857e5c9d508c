import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { err, ok, type Result } from '#lib/core/result.ts';
import { writeLicences } from '#lib/server/about/licences.ts';
import { buildAgentFile } from '#lib/server/agent-file/build-agent-file.ts';
import { childEnvironment } from '#lib/server/env.ts';
import { buildServiceWorker } from '#lib/server/service-worker/build-service-worker.ts';
import { lockFile } from './instance-lock.ts';
import type { StartProblem } from './options.ts';

/** Whatever ends up in the bundle. Tests and processes outside Next do not make it stale. */
const SOURCES = ['app', 'components', 'lib', 'cli', 'public', 'prisma/schema.prisma', 'instrumentation-client.ts'];
const SETTINGS = ['next.config.js', 'postcss.config.mjs', 'tsconfig.json', 'package.json', 'package-lock.json'];
const WAIT_MS = 250;

/**
 * Builds the console's pages unless the build in `.next` was made from exactly these sources.
 * Two starts from one clone build once: the second waits for the first.
 */
export async function buildConsole(
  root: string,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<Result<'built' | 'fresh', StartProblem>> {
  mkdirSync(join(root, '.tmp'), { recursive: true });
  let lock = lockFile(join(root, '.tmp'), 'build.lock');
  while (!lock.ok) {
    if (signal.aborted) {
      return err({ sentence: 'Stopped before the build.' });
    }
    await delay(WAIT_MS);
    lock = lockFile(join(root, '.tmp'), 'build.lock');
  }
  try {
    const sources = hashSources(root);
    const stamp = join(root, '.next', 'countersign-sources');
    const complete = existsSync(join(root, '.next', 'BUILD_ID'));
    if (complete && existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) {
      return ok('fresh');
    }
    say('Building the console (the first start and after updates; about half a minute) …');
    const built = await runNextBuild(root, signal);
    if (built.code !== 0) {
      const why = signal.aborted ? 'it was interrupted' : built.output.trim().split('\n').slice(-25).join('\n');
      return err({ sentence: `The console could not be built: ${why}` });
    }
    await buildAgentFile(root);
    writeLicences(root);
    await buildServiceWorker(root);
    writeFileSync(stamp, sources);
    return ok('built');
  } finally {
    lock.value.release();
  }
}

async function runNextBuild(root: string, signal: AbortSignal): Promise<{ code: number; output: string }> {
  const next = join(root, 'node_modules', 'next', 'dist', 'bin', 'next');
  const child = spawn(process.execPath, [next, 'build'], {
    cwd: root,
    env: childEnvironment({ NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = () => child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  let output = '';
  const collect = (chunk: Buffer) => {
    output += chunk.toString('utf8');
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  await once(child, 'close');
  signal.removeEventListener('abort', stop);
  return { code: child.exitCode ?? 1, output };
}

function hashSources(root: string): string {
  const hash = createHash('sha256');
  for (const name of SOURCES) {
    hashTree(root, name, hash);
  }
  for (const name of SETTINGS) {
    if (existsSync(join(root, name))) {
      hash.update(`${name}\0`).update(readFileSync(join(root, name)));
    }
  }
  return hash.update(process.version).digest('hex');
}

function hashTree(root: string, name: string, hash: ReturnType<typeof createHash>): void {
  const path = join(root, name);
  if (!existsSync(path)) {
    return;
  }
  if (name.endsWith('.test.ts')) {
    return;
  }
  const entries = readdirIfDirectory(path);
  if (entries === undefined) {
    hash.update(`${name}\0`).update(readFileSync(path));
    return;
  }
  for (const entry of entries) {
    hashTree(root, `${name}/${entry}`, hash);
  }
}

function readdirIfDirectory(path: string): string[] | undefined {
  try {
    return readdirSync(path).sort();
  } catch {
    return undefined;
  }
}
