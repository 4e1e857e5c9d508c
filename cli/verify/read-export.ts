import { isUtf8 } from 'node:buffer';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '#lib/core/result.ts';

/** The files of an export. Checkpoint and key beside the entries take the place of those in the closing line. */
export type ExportFiles = {
  readonly entries: string;
  readonly checkpoint: string | undefined;
  readonly key: string | undefined;
};

const CHUNK_BYTES = 1 << 20;
const LINE_FEED = 0x0a;

/** Finds the export in a path: an `.ndjson` file, or a directory with one and perhaps `checkpoint` and `log.pub`. */
export function findExport(path: string): Result<ExportFiles, string> {
  if (!existsSync(path)) return err(`There is no file or directory at ${path}.`);
  if (!statSync(path).isDirectory()) return ok({ entries: path, checkpoint: undefined, key: undefined });
  const found = readdirSync(path).filter((name) => name.endsWith('.ndjson'));
  const [entries] = found;
  if (entries === undefined || found.length > 1) {
    return err(`The directory ${path} must hold exactly one .ndjson file; it holds ${found.length}.`);
  }
  return ok({
    entries: join(path, entries),
    checkpoint: readIfThere(join(path, 'checkpoint')),
    key: readIfThere(join(path, 'log.pub')),
  });
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** The lines of a file, one at a time, so that a log larger than memory can be verified. */
export function* linesOf(path: string): Generator<string> {
  const file = openSync(path, 'r');
  try {
    let rest: Buffer = Buffer.alloc(0);
    for (;;) {
      const chunk = Buffer.alloc(CHUNK_BYTES);
      const length = readSync(file, chunk);
      if (length === 0) break;
      const bytes = Buffer.concat([rest, chunk.subarray(0, length)]);
      let from = 0;
      for (let to = bytes.indexOf(LINE_FEED); to !== -1; to = bytes.indexOf(LINE_FEED, from)) {
        yield lineText(bytes.subarray(from, to));
        from = to + 1;
      }
      rest = bytes.subarray(from);
    }
    if (rest.length > 0) yield lineText(rest);
  } finally {
    closeSync(file);
  }
}

/**
 * A damaged byte must not decode to the replacement character, which an entry may really contain: read as Latin-1 the
 * line keeps its bytes apart, so the entry is found changed and named.
 */
function lineText(bytes: Buffer): string {
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
}
