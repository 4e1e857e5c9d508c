// How a client's configuration was before us: beside it, for its owner only, because it may hold secrets of theirs.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { z } from 'zod';
import { writeWhole } from './write-whole.ts';

const recordSchema = z.object({
  version: z.literal(1),
  /** SHA-256 of what we wrote: unchanged since means that the backup can come back byte for byte. */
  wrote: z.string(),
  existed: z.boolean(),
  previous: z.record(z.string(), z.json()),
});
export type UndoRecord = z.infer<typeof recordSchema>;

const recordOf = (file: string) => `${file}.countersign-undo`;
const backupOf = (file: string) => `${file}.countersign-backup`;

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The record of an earlier connect, or null. */
export function readRecord(file: string): UndoRecord | null {
  if (!existsSync(recordOf(file))) return null;
  try {
    return recordSchema.parse(JSON.parse(readFileSync(recordOf(file), 'utf8')));
  } catch {
    return null;
  }
}

/** Keeps the first state only: connecting twice and undoing once leads back to the beginning. */
export function keepRecord(file: string, before: string | null, record: UndoRecord): void {
  if (before !== null && !existsSync(backupOf(file))) writeWhole(backupOf(file), before, 0o600);
  writeWhole(recordOf(file), `${JSON.stringify(record, null, 2)}\n`, 0o600);
}

export function readBackup(file: string): string | null {
  return existsSync(backupOf(file)) ? readFileSync(backupOf(file), 'utf8') : null;
}

export function dropRecord(file: string): void {
  rmSync(recordOf(file), { force: true });
  rmSync(backupOf(file), { force: true });
}

/** The text of a file and its mode, or null where there is none. */
export function readText(file: string): { readonly text: string; readonly mode: number } | null {
  if (!existsSync(file)) return null;
  return { text: readFileSync(file, 'utf8'), mode: statSync(file).mode & 0o777 };
}
