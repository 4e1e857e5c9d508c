// Server-only. Roots and proofs out of the stored hashes: a few hundred of them at any size of the log.
import { nodeHash, splitPoint } from '#lib/core/audit/merkle.ts';
import { sha256 } from '#lib/core/hash/sha256.ts';
import { nativeSha256 } from './native-hash.ts';
import { LEVELS_A_ROW } from './tree-writer.ts';

/** Stored hashes in order: leaves at level 0, kept nodes at levels 8, 16, …. May not leave any out. */
export type HashSource = (level: number, from: number, past: number) => Promise<readonly Uint8Array[]>;

/** Leaves [from, past); as RFC 6962 splits trees, `from` is a multiple of the largest power of two in the length. */
type Span = { readonly from: number; readonly past: number };
type NodeAt = { readonly level: number; readonly index: number };

/** The root that the log had at this size. Assumes that the log has had it. */
export async function rootAt(source: HashSource, size: number): Promise<Uint8Array> {
  if (size === 0) return sha256(new Uint8Array(0));
  const [root] = await hashSpans(source, [{ from: 0, past: size }]);
  if (root === undefined) throw new Error('a tree without a root');
  return root;
}

/** The audit path of entry `seq` in the tree of `size` (RFC 6962 section 2.1.1). Assumes seq < size. */
export function inclusionPath(source: HashSource, seq: number, size: number): Promise<readonly Uint8Array[]> {
  const spans: Span[] = [];
  let from = 0;
  let past = size;
  while (past - from > 1) {
    const split = from + splitPoint(past - from);
    if (seq < split) {
      spans.push({ from: split, past });
      past = split;
    } else {
      spans.push({ from, past: split });
      from = split;
    }
  }
  return hashSpans(source, spans.reverse());
}

/** The proof that the tree of `earlier` entries is a prefix of the tree of `size` (RFC 6962 section 2.1.2). */
export function consistencyPath(source: HashSource, earlier: number, size: number): Promise<readonly Uint8Array[]> {
  if (earlier === 0 || earlier === size) return Promise.resolve([]);
  const spans: Span[] = [];
  let from = 0;
  let past = size;
  let complete = true;
  // `earlier` counted from `from` on.
  while (earlier < past) {
    const split = from + splitPoint(past - from);
    if (earlier <= split) {
      spans.push({ from: split, past });
      past = split;
    } else {
      spans.push({ from, past: split });
      from = split;
      complete = false;
    }
  }
  if (!complete) spans.push({ from, past });
  return hashSpans(source, spans.reverse());
}

async function hashSpans(source: HashSource, spans: readonly Span[]): Promise<readonly Uint8Array[]> {
  const parts = spans.map(perfectParts);
  const stored = await loadStored(source, parts.flat());
  return parts.map((nodes) => {
    const hashes = nodes.map((node) => foldStored(stored, node));
    const last = hashes.pop();
    if (last === undefined) throw new Error('a proof over no entries');
    return hashes.reduceRight((right, left) => nodeHash(left, right, nativeSha256), last);
  });
}

/** The perfect subtrees that a span splits into, from left to right. */
function perfectParts({ from, past }: Span): NodeAt[] {
  const parts: NodeAt[] = [];
  for (let at = from; at < past; ) {
    const level = Math.floor(Math.log2(past - at));
    parts.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return parts;
}

/** The stored hashes below a node: its own one, or up to 128 at the kept level beneath it. */
function storedBelow({ level, index }: NodeAt): { level: number; from: number; past: number } {
  const kept = level - (level % LEVELS_A_ROW);
  const width = 2 ** (level - kept);
  return { level: kept, from: index * width, past: (index + 1) * width };
}

type Stored = ReadonlyMap<string, Uint8Array>;

async function loadStored(source: HashSource, nodes: readonly NodeAt[]): Promise<Stored> {
  const wanted = nodes.map(storedBelow).sort((a, b) => a.level - b.level || a.from - b.from);
  const runs: { level: number; from: number; past: number }[] = [];
  for (const run of wanted) {
    const last = runs.at(-1);
    if (last !== undefined && last.level === run.level && run.from - last.past <= 64) {
      last.past = Math.max(last.past, run.past);
    } else {
      runs.push({ ...run });
    }
  }
  const stored = new Map<string, Uint8Array>();
  for (const { level, from, past } of runs) {
    const hashes = await source(level, from, past);
    if (hashes.length !== past - from)
      throw new Error(`the log lacks hashes of level ${level} from ${from} to ${past}`);
    hashes.forEach((hash, at) => {
      stored.set(`${level}:${from + at}`, hash);
    });
  }
  return stored;
}

function foldStored(stored: Stored, node: NodeAt): Uint8Array {
  const { level, from, past } = storedBelow(node);
  let row: Uint8Array[] = [];
  for (let at = from; at < past; at++) {
    const hash = stored.get(`${level}:${at}`);
    if (hash === undefined) throw new Error(`the log lacks hash ${at} of level ${level}`);
    row.push(hash);
  }
  while (row.length > 1) {
    const above: Uint8Array[] = [];
    for (let at = 0; at + 1 < row.length; at += 2) {
      const [left, right] = [row[at], row[at + 1]];
      if (left !== undefined && right !== undefined) above.push(nodeHash(left, right, nativeSha256));
    }
    row = above;
  }
  const [hash] = row;
  if (hash === undefined) throw new Error('a node over no hashes');
  return hash;
}
