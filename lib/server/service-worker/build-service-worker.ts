// Server-only.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { SERVICE_WORKER_FILE } from './service-worker-file.ts';

/** What may be in it: its own room and two lists of the core. It runs on a client, and wherever it is wrong it stays. */
const ALLOWED = [/^lib\/client\/service-worker\//, /^lib\/core\/risk\//];

/** Bundles the service worker; throws when something is in it that should not be. */
export async function buildServiceWorker(root: string): Promise<void> {
  // Another build is another worker: browsers compare it byte by byte, and keep the offline page of that build.
  const buildId = readFileSync(join(root, '.next', 'BUILD_ID'), 'utf8').trim();
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['lib/client/service-worker/worker.ts'],
    outfile: join(root, SERVICE_WORKER_FILE),
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    banner: { js: `/* ${buildId} */` },
    metafile: true,
    logLevel: 'silent',
  });
  const foreign = Object.keys(metafile.inputs).filter((path) => !ALLOWED.some((allowed) => allowed.test(path)));
  if (foreign.length > 0) throw new Error(`The service worker would hold ${foreign.slice(0, 5).join(', ')}.`);
}
