import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { StartProblem } from './options.ts';

/** Makes the data directory, closed to others, or says why it cannot be used. */
export function prepareDataDir(path: string): Result<void, StartProblem> {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
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
