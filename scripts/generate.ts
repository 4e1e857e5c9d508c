// Generates the Prisma client; runs after `npm ci`. Offline: nothing is downloaded.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const entry = createRequire(import.meta.url).resolve('prisma/package.json');
const result = spawnSync(process.execPath, [join(dirname(entry), 'build', 'index.js'), 'generate', '--no-hints'], {
  env: {
    ...process.env,
    // `generate` looks for an engine that only `prisma migrate` would run, and downloads it when the variable
    // names none; any program that exists satisfies it.
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  },
  encoding: 'utf8',
});
if (result.status !== 0) {
  process.stderr.write(`${result.stdout}${result.stderr}`);
  process.stderr.write('The Prisma client could not be generated.\n');
}
process.exit(result.status ?? 1);
