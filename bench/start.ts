// `npm run bench -- start`: from `npm start` to "here is your console", without and with a build, in a copy of this clone.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { childEnvironment } from '#lib/server/env.ts';
import { freePort } from '#lib/server/postgres/free-port.ts';
import { percentile, rounded } from './fixtures/percentile.ts';
import { writeResults } from './write-results.ts';

const { values } = parseArgs({
  options: { warm: { type: 'string', default: '5' }, 'dry-run': { type: 'boolean', default: false } },
});
const root = join(import.meta.dirname, '..');
const copy = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
try {
  copyClone();
  const ports = {
    CONSOLE_PORT: await freePort(),
    GATEWAY_PORT: await freePort(),
    METRICS_PORT: await freePort(),
    EGRESS_PROXY_PORT: await freePort(),
  };
  const cold = await start(ports);
  const warm: number[] = [];
  for (let n = 0; n < Number(values.warm); n++) warm.push(await start(ports));
  const figures = { 'start.cold_s': rounded(cold), 'start.warm_s': rounded(percentile(warm, 0.5)) };
  const raw = { warm_s: warm.map(rounded) };
  process.stdout.write(`${JSON.stringify({ figures, raw }, null, 2)}\n`);
  if (values['dry-run'] !== true) writeResults('start.', figures, raw);
} finally {
  rmSync(copy, { recursive: true, force: true });
}

/** What `git clone` and `npm ci` leave: the files under version control, the packages, the generated client; no build. */
function copyClone(): void {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  execFileSync('cp', ['--parents', ...files.split('\0').filter(Boolean), copy], { cwd: root });
  // Hard links where the file system allows it: a gigabyte of packages is not what is measured.
  try {
    execFileSync('cp', ['-al', join(root, 'node_modules'), copy], { stdio: 'ignore' });
  } catch {
    execFileSync('cp', ['-a', join(root, 'node_modules'), copy]);
  }
  // What npm's postinstall does, which is not measured either.
  execFileSync(process.execPath, ['scripts/generate.ts'], { cwd: copy, stdio: 'ignore' });
}

/** Seconds until all processes are healthy and the URLs are printed; then stops them. */
async function start(ports: Readonly<Record<string, number>>): Promise<number> {
  const environment = Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)]));
  const startedAt = performance.now();
  const child = spawn('npm', ['start'], {
    cwd: copy,
    env: childEnvironment({ ...environment, COUNTERSIGN_DATA_DIR: join(copy, 'data') }),
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  let text = '';
  const ready = new Promise<number>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('  Gateway   ')) resolve((performance.now() - startedAt) / 1000);
    });
    child.once('exit', (code) => reject(new Error(`npm start ended with ${code}:\n${text}`)));
  });
  try {
    return await ready;
  } finally {
    child.removeAllListeners('exit');
    if (child.exitCode === null && child.pid !== undefined) {
      const ended = once(child, 'exit');
      // Like Ctrl-C in a terminal: the whole group hears it.
      process.kill(-child.pid, 'SIGINT');
      await ended;
    }
    // npm may be gone before what it started has drained.
    while (existsSync(join(copy, 'data', 'instance.lock'))) await delay(50);
  }
}
