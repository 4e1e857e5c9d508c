// Server-only.
import { hash } from 'node:crypto';

/** SHA-256 of a text in lowercase hex by the runtime's own code; a core test proves it equal to the portable one. */
export function nativeSha256Hex(text: string): string {
  return hash('sha256', text, 'hex');
}
