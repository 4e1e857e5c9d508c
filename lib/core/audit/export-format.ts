import { fromHex, toHex } from '../hash/bytes.ts';
import { parseStrict } from '../json/parse-strict.ts';
import { isJsonArray, isJsonObject, ownValue } from '../json/value.ts';

/**
 * A full export is NDJSON: one entry a line in order of `seq`, then one line with the signed checkpoint and the log's key.
 * `proof`, where present, is the entry's audit path in the checkpoint's tree; it lets a changed entry be named even when
 * its leaf was recomputed.
 */
export type ExportLine =
  | {
      readonly kind: 'entry';
      readonly seq: number;
      readonly entry: string;
      readonly leaf: Uint8Array;
      readonly proof: readonly Uint8Array[] | null;
    }
  | { readonly kind: 'checkpoint'; readonly note: string; readonly vkey: string };

export type EntryLine = Extract<ExportLine, { readonly kind: 'entry' }>;

/** Writes one entry line. `entry` is the exact text that was hashed. */
export function formatEntryLine(line: {
  readonly seq: number | bigint;
  readonly entry: string;
  readonly leaf: Uint8Array;
  readonly proof?: readonly Uint8Array[];
}): string {
  const proof = line.proof?.map(toHex);
  return JSON.stringify({ seq: String(line.seq), leaf: toHex(line.leaf), entry: line.entry, ...(proof && { proof }) });
}

/** Writes the closing line. */
export function formatCheckpointLine(note: string, vkey: string): string {
  return JSON.stringify({ checkpoint: note, vkey });
}

/** Reads one line, or null when it is neither. Strict, because the file comes from whom it is meant to convict. */
export function parseExportLine(text: string): ExportLine | null {
  return parsePlainEntryLine(text) ?? parseAnyLine(text);
}

const SEQ = '{"seq":"';
const LEAF = '","leaf":"';
const ENTRY = '","entry":';
const LEAF_DIGITS = 64;
const LONGEST_PLAIN = 64 * 1024;

/**
 * A line exactly as `formatEntryLine` writes it without a proof, taken apart by its fixed parts: a log of millions is
 * verified in half the time. What stands between the last of them and the brace must be one JSON string, so no member
 * can hide there. Null is no verdict: whatever is not plain, escapes of control characters included, is read strictly.
 */
function parsePlainEntryLine(text: string): ExportLine | null {
  const seqEnd = text.indexOf('"', SEQ.length);
  const leafFrom = seqEnd + LEAF.length;
  const leafEnd = leafFrom + LEAF_DIGITS;
  if (!text.startsWith(SEQ) || !text.startsWith(LEAF, seqEnd) || !text.startsWith(ENTRY, leafEnd)) return null;
  if (!text.endsWith('}') || text.length > LONGEST_PLAIN || text.includes('\\u') || !text.isWellFormed()) return null;
  const seq = toSeq(text.slice(SEQ.length, seqEnd));
  const leaf = toHash(text.slice(leafFrom, leafEnd));
  if (seq === null || leaf === null) return null;
  try {
    const entry: unknown = JSON.parse(text.slice(leafEnd + ENTRY.length, -1));
    return typeof entry === 'string' ? { kind: 'entry', seq, entry, leaf, proof: null } : null;
  } catch {
    return null;
  }
}

function parseAnyLine(text: string): ExportLine | null {
  const parsed = parseStrict(text);
  if (!parsed.ok || !isJsonObject(parsed.value)) return null;
  const object = parsed.value;
  const note = ownValue(object, 'checkpoint');
  if (note !== undefined) {
    const vkey = ownValue(object, 'vkey');
    return typeof note === 'string' && typeof vkey === 'string' ? { kind: 'checkpoint', note, vkey } : null;
  }
  const entry = ownValue(object, 'entry');
  const leafHex = ownValue(object, 'leaf');
  const seq = toSeq(ownValue(object, 'seq'));
  const leaf = typeof leafHex === 'string' ? toHash(leafHex) : null;
  if (seq === null || leaf === null || typeof entry !== 'string') return null;
  const path = ownValue(object, 'proof');
  if (path === undefined) return { kind: 'entry', seq, entry, leaf, proof: null };
  const proof = isJsonArray(path) ? path.map((hex) => (typeof hex === 'string' ? toHash(hex) : null)) : [null];
  const hashes = proof.filter((hash) => hash !== null);
  return hashes.length === proof.length ? { kind: 'entry', seq, entry, leaf, proof: hashes } : null;
}

function toSeq(value: unknown): number | null {
  const seq = typeof value === 'string' && /^(?:0|[1-9][0-9]{0,15})$/.test(value) ? Number(value) : value;
  return typeof seq === 'number' && Number.isSafeInteger(seq) && seq >= 0 ? seq : null;
}

function toHash(hex: string): Uint8Array | null {
  const bytes = fromHex(hex);
  return bytes !== null && bytes.length === 32 ? bytes : null;
}
