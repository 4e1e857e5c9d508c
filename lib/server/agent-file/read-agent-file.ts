// Server-only.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Beside the console's build, which it is part of. */
export const AGENT_FILE = join('.next', 'countersign.mjs');

export type AgentFile = { readonly content: Buffer<ArrayBuffer>; readonly sha256: string };

/** The built file and its hash, or null where none has been built (`npm run dev`). */
export function readAgentFile(root: string): AgentFile | null {
  try {
    const content = readFileSync(join(root, AGENT_FILE));
    return { content, sha256: createHash('sha256').update(content).digest('hex') };
  } catch {
    return null;
  }
}
