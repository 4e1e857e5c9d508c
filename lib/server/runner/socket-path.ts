// Server-only. Where the runner listens.
import { closeSync, constants, mkdirSync, openSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Longest path that a socket address holds on every system, with room for the closing zero. */
const MOST_BYTES = 100;

/** The runner's socket of an installation; its directory is closed to others. */
export function runnerSocketPath(dataDir: string): string {
  return join(dataDir, 'run', 'runner.sock');
}

/** Makes the socket's directory, readable by its owner only. */
export function makeSocketDirectory(socketPath: string): void {
  mkdirSync(dirname(socketPath), { recursive: true, mode: 0o700 });
}

/**
 * A name for the socket that fits into an address. Deep data directories exceed the kernel's 107 bytes; Linux reaches
 * them through an open descriptor of the directory, which `done` closes when the address is no longer needed.
 */
export function socketAddress(socketPath: string): { readonly path: string; readonly done: () => void } {
  if (Buffer.byteLength(socketPath) <= MOST_BYTES || process.platform !== 'linux') {
    return { path: socketPath, done: () => undefined };
  }
  const directory = openSync(dirname(socketPath), constants.O_RDONLY | constants.O_DIRECTORY);
  return { path: `/proc/self/fd/${directory}/${basename(socketPath)}`, done: () => closeSync(directory) };
}
