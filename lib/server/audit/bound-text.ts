// Server-only. Keeps attacker text inside an entry's 4 KiB.
import { hash } from 'node:crypto';

/**
 * The text itself, or its beginning followed by how long it was and its SHA-256, so that nothing is cut silently.
 *
 * Deterministic, because session ids pass through it and must still name one session. NUL and lone surrogates become
 * U+FFFD: PostgreSQL stores neither, and one such tool name would otherwise stop the sequencer for everybody.
 */
export function boundText(text: string, maxChars: number): string {
  const storable = text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text;
  if (storable.length <= maxChars) return storable.toWellFormed();
  const kept = storable.slice(0, maxChars).toWellFormed();
  return `${kept}…[cut, ${storable.length} characters, sha256 ${hash('sha256', storable)}]`;
}
