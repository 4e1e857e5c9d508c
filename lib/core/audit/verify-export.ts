import { sameBytes, toHex } from '../hash/bytes.ts';
import { type Sha256, sha256 } from '../hash/sha256.ts';
import { ownValue } from '../json/value.ts';
import type { Checkpoint, VerifySignature } from './checkpoint.ts';
import { type EntryLine, parseExportLine } from './export-format.ts';
import { collectFindings, type Findings } from './findings.ts';
import { appendLeaf, type CompactRange, EMPTY_RANGE, rangeRoot, verifyInclusion } from './merkle.ts';
import { openEntry, openSignedHead } from './opened.ts';
import { followOrder } from './order-check.ts';
import { followSessions } from './session-check.ts';
import type { Verdict } from './verdict.ts';

/** What the verifier is given. Key and checkpoint override the export's own; a key from elsewhere is the honest test. */
export type ExportToVerify = {
  readonly lines: Iterable<string>;
  readonly checkpointNote?: string | undefined;
  readonly vkey?: string | undefined;
  readonly verifySignature: VerifySignature;
  readonly hash?: Sha256;
};

type Proven = Pick<EntryLine, 'seq' | 'leaf'> & { readonly proof: readonly Uint8Array[] };

/**
 * Verifies a full export of the log against its signed checkpoint, without network, clock or trust in the operator.
 *
 * The attacker owns the file: they may flip a byte, drop, repeat, reorder or add rows, cut the end, recompute hashes, or
 * bring another log's checkpoint. The tree is computed from the leaves named in the lines and each entry is compared with
 * its leaf, so a changed entry is named while the rest is still shown to be as signed. Everything unreadable is a finding.
 */
export function verifyExport(input: ExportToVerify): Verdict {
  const hash = input.hash ?? sha256;
  const found = collectFindings();
  const order = followOrder();
  const sessions = followSessions();
  const proven: Proven[] = [];
  let range: CompactRange = EMPTY_RANGE;
  let closing: { readonly note: string; readonly vkey: string } | null = null;
  let lastEntryAt: string | null = null;
  let lineNumber = 0;

  for (const text of input.lines) {
    lineNumber++;
    if (text.trim() === '') continue;
    const line = parseExportLine(text);
    if (line === null || closing !== null) {
      const what = line === null ? 'cannot be read' : 'stands after the checkpoint';
      found.add({ code: 'malformed', sentence: `Line ${lineNumber} of the export ${what}.` });
      continue;
    }
    if (line.kind === 'checkpoint') {
      closing = line;
      continue;
    }
    found.add(order.see(line.seq));
    range = appendLeaf(range, line.leaf, hash);
    if (line.proof !== null) proven.push({ seq: line.seq, leaf: line.leaf, proof: line.proof });
    const entry = openEntry(line, hash, found);
    if (entry === null) continue;
    found.add(sessions.see(line.seq, entry, line.leaf));
    const at = ownValue(entry, 'ts');
    if (typeof at === 'string') lastEntryAt = at;
  }

  const note = input.checkpointNote ?? closing?.note;
  const vkey = input.vkey ?? closing?.vkey;
  const checkpoint = openSignedHead(note, vkey, input.verifySignature, found);
  const root = rangeRoot(range, hash);
  if (checkpoint !== null)
    compareWithHead(checkpoint, range.size, root, order.missing(checkpoint.size), proven, hash, found);
  if (checkpoint === null || found.any()) return found.verdict();
  return {
    kind: 'verified',
    origin: checkpoint.origin,
    size: checkpoint.size,
    root: toHex(root),
    sessions: sessions.count(),
    lastEntryAt,
    keySource: input.vkey === undefined ? 'export' : 'given',
  };
}

function compareWithHead(
  head: Checkpoint,
  size: number,
  root: Uint8Array,
  missing: readonly { readonly from: number; readonly to: number }[],
  proven: readonly Proven[],
  hash: Sha256,
  found: Findings,
): void {
  for (const { from, to } of missing) {
    const which = from === to ? `Entry ${from} is` : `Entries ${from} to ${to} are`;
    found.add({
      seq: from,
      code: 'missing-entry',
      sentence: `${which} missing: the checkpoint covers ${head.size} entries.`,
    });
  }
  if (size === head.size && sameBytes(root, head.rootHash)) return;
  for (const { seq, leaf, proof } of proven) {
    if (verifyInclusion({ leaf, index: seq, size: head.size, proof, root: head.rootHash }, hash)) continue;
    found.add({ seq, code: 'entry-changed', sentence: `Entry ${seq} is not the one that was signed at its place.` });
  }
  found.add({
    code: 'root-mismatch',
    sentence:
      size > head.size
        ? `The export has ${size} entries where the checkpoint covers ${head.size}.`
        : 'The tree over these entries does not have the root that was signed.',
  });
}
