// Server-only. The newest head this host has seen, kept outside the database: the host is its own first witness.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type pg from 'pg';
import { z } from 'zod';
import { fromHex, sameBytes, toHex } from '#lib/core/hash/bytes.ts';
import { storedHashesOf } from './stored-hashes.ts';
import { rootAt } from './tree-reader.ts';

export type WitnessedHead = { readonly size: number; readonly root: Uint8Array };
export type HeadWitness = {
  readonly read: () => WitnessedHead | null;
  readonly save: (head: WitnessedHead) => void;
};

/** The database does not hold the log that this host has seen: restored from an old backup, or rewritten. */
export class LogRolledBackError extends Error {
  override readonly name = 'LogRolledBackError';
}

const WITNESSED = z.object({ size: z.int().min(0), root: z.string().regex(/^[0-9a-f]{64}$/) });

/** A witness in a file. A file that cannot be read counts as a broken witness, not as none. */
export function fileWitness(path: string): HeadWitness {
  return {
    read() {
      let text: string;
      try {
        text = readFileSync(path, 'utf8');
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
        throw error;
      }
      const { size, root } = WITNESSED.parse(JSON.parse(text));
      return { size, root: fromHex(root) ?? new Uint8Array(0) };
    },
    save({ size, root }) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(`${path}.next`, `${JSON.stringify({ size, root: toHex(root) })}\n`, { mode: 0o600 });
      renameSync(`${path}.next`, path);
    },
  };
}

/**
 * Refuses to go on when the log in the database is not an extension of the head this host remembers. Going on would sign
 * a second history over the first; stopped, the inbox keeps every event until a human has looked.
 */
export async function checkWitness(client: pg.Client, witness: HeadWitness | undefined): Promise<void> {
  const seen = witness?.read() ?? null;
  if (seen === null) return;
  const head = await client.query<{ size: string }>('SELECT size FROM audit_head WHERE id = 1');
  const size = Number(head.rows[0]?.size ?? 0);
  if (size < seen.size) {
    throw new LogRolledBackError(
      `The audit log has ${size} entries, but this host has seen ${seen.size}: an old backup was restored. Nothing is sequenced until somebody decides; see docs/audit.md.`,
    );
  }
  if (!sameBytes(await rootAt(storedHashesOf(client), seen.size), seen.root)) {
    throw new LogRolledBackError(
      `The first ${seen.size} entries of the audit log are not those that this host has seen: the log was rewritten. Nothing is sequenced until somebody decides; see docs/audit.md.`,
    );
  }
}
