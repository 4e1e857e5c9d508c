// Server-only. The service worker as one file beside the console's build.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Beside the console's build, which it is part of. */
export const SERVICE_WORKER_FILE = join('.next', 'sw.js');

/** The built file, or null where none has been built (`npm run dev`): a worker would keep an old page in a developer's way. */
export function readServiceWorker(root: string): string | null {
  const path = join(root, SERVICE_WORKER_FILE);
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}
