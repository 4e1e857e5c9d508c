export { classWords } from '#lib/core/risk/class-words.ts';

/** `1,204`: a count, grouped. Takes the log's decimal strings too, which may pass 2^53. */
export function formatCount(count: number | string): string {
  return BigInt(typeof count === 'number' ? Math.trunc(count) : count).toLocaleString('en-US');
}

/** `1 tool`, `3 tools`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** `812 B`, `3.4 KiB`, `1.0 MiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KiB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

/** The first and last characters of a digest, enough to compare by eye; the whole one stays copyable beside it. */
export function shortDigest(digest: string): string {
  return digest.length <= 16 ? digest : `${digest.slice(0, 8)}\u2026${digest.slice(-6)}`;
}
