import { sameBytes } from '../hash/bytes.ts';
import type { Sha256 } from '../hash/sha256.ts';
import { parseStrict } from '../json/parse-strict.ts';
import { isJsonObject, type JsonObject } from '../json/value.ts';
import { type Checkpoint, openCheckpoint, type VerifySignature } from './checkpoint.ts';
import { leafHash } from './entry.ts';
import type { EntryLine } from './export-format.ts';
import type { Findings } from './findings.ts';

/** The entry of a line, compared with its leaf; null when it is no JSON object. */
export function openEntry(line: EntryLine, hash: Sha256, found: Findings): JsonObject | null {
  if (!sameBytes(leafHash(line.entry, hash), line.leaf)) {
    found.add({
      seq: line.seq,
      code: 'entry-changed',
      sentence: `Entry ${line.seq} was changed: its bytes do not give its hash.`,
    });
  }
  const parsed = parseStrict(line.entry);
  if (parsed.ok && isJsonObject(parsed.value)) return parsed.value;
  found.add({ seq: line.seq, code: 'malformed', sentence: `Entry ${line.seq} is not a JSON object.` });
  return null;
}

/** The head that the key signed; null, and a finding, when there is none. */
export function openSignedHead(
  note: string | undefined,
  vkey: string | undefined,
  verify: VerifySignature,
  found: Findings,
): Checkpoint | null {
  if (note === undefined || vkey === undefined) {
    found.add({
      code: 'malformed',
      sentence:
        note === undefined ? 'There is no signed checkpoint.' : 'There is no public key to check the checkpoint with.',
    });
    return null;
  }
  const opened = openCheckpoint(note, vkey, verify);
  if (opened.ok) return opened.value;
  found.add({ code: opened.error.code, sentence: opened.error.reason });
  return null;
}
