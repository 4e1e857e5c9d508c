// Server-only. What a running installation tells the commands on its own host.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { err, ok, type Result } from '../core/result.ts';

const RUNTIME = z.object({
  version: z.literal(1),
  pid: z.number(),
  startedAt: z.string(),
  databaseUrl: z.string(),
  embedded: z.boolean(),
  consoleUrl: z.string(),
  gatewayUrl: z.string(),
  consolePort: z.number(),
  gatewayPort: z.number(),
  metricsPort: z.number(),
  roles: z.array(z.string()),
});

export type Runtime = z.infer<typeof RUNTIME>;
export type RuntimeProblem = { readonly code: 'not-running'; readonly sentence: string };

function pathIn(dataDir: string): string {
  return join(dataDir, 'runtime.json');
}

/** Writes the file whole, readable by its owner only: it carries the database's password. */
export function writeRuntimeFile(dataDir: string, runtime: Runtime): void {
  const partial = `${pathIn(dataDir)}.partial`;
  writeFileSync(partial, `${JSON.stringify(runtime, null, 2)}\n`, { mode: 0o600 });
  renameSync(partial, pathIn(dataDir));
}

/** Reads the file of the installation that runs from this data directory. Whether it still runs, connecting tells. */
export function readRuntimeFile(dataDir: string): Result<Runtime, RuntimeProblem> {
  try {
    return ok(RUNTIME.parse(JSON.parse(readFileSync(pathIn(dataDir), 'utf8'))));
  } catch {
    return err({ code: 'not-running', sentence: `Nothing runs from ${dataDir}: start it with "npm start".` });
  }
}

/** Removes the file when the installation stops. */
export function removeRuntimeFile(dataDir: string): void {
  rmSync(pathIn(dataDir), { force: true });
}
