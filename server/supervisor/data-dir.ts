import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { StartProblem } from './options.ts';

/** Makes the data directory, closed to others, or says why it cannot be used. */
export function prepareDataDir(path: string): Result<void, StartProblem> {
  try {
    makeDirectory(path);
    if (!statSync(path).isDirectory()) {
      return err({ sentence: `The data directory ${path} is a file: set COUNTERSIGN_DATA_DIR to a directory.` });
    }
    accessSync(path, constants.W_OK | constants.X_OK);
    return ok(undefined);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return err({
      sentence: `The data directory ${path} cannot be written (${code}): set COUNTERSIGN_DATA_DIR to one that can.`,
    });
  }
}

/** One level at a time: Node's own recursion never ends below a parent that exists but takes no directories (/proc). */
function makeDirectory(path: string): void {
  if (existsSync(path)) {
    return;
  }
  makeDirectory(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}
