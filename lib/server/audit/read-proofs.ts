// Server-only. Inclusion proofs for a page of entries at once: what a browser checks row by row.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { z } from 'zod';
import type { inclusionProofsSchema } from '#lib/contracts/audit.ts';
import { toHex } from '#lib/core/hash/bytes.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Tx } from '../db/tx.ts';
import { readCheckpoint } from './read-head.ts';
import { storedHashes } from './stored-hashes.ts';
import { type HashSource, inclusionPath } from './tree-reader.ts';

/** A path folds hundreds of hashes, about a millisecond: so many, then whoever else asks gets a turn. */
const PROOFS_A_TURN = 20;

type NotFound = { readonly code: 'not-found'; readonly detail: string };

/**
 * The audit paths of several entries in the tree of `size`: the size of a head that the asker has witnessed, so that no
 * newer one slips in between. Entries beyond it are left out. Refuses a size that no signed head has reached. Neighbours
 * share most of their paths, so each hash is sent once and named by its place.
 */
export async function readInclusionProofs(
  tx: Pick<Tx, '$queryRaw'>,
  seqs: readonly number[],
  size: number,
): Promise<Result<z.infer<typeof inclusionProofsSchema>, NotFound>> {
  const head = await readCheckpoint(tx);
  if (head === null || size > head.size) {
    return err({ code: 'not-found', detail: 'No signed checkpoint of this size or beyond.' });
  }
  const source = inBlocks(storedHashes(tx));
  const places = new Map<string, number>();
  const place = (hash: Uint8Array): number => {
    const hex = toHex(hash);
    const known = places.get(hex) ?? places.size;
    places.set(hex, known);
    return known;
  };
  const proofs: { seq: string; path: number[] }[] = [];
  for (const [at, seq] of seqs.entries()) {
    if (seq >= size) continue;
    if (at > 0 && at % PROOFS_A_TURN === 0) await nextTurn();
    proofs.push({ seq: String(seq), path: (await inclusionPath(source, seq, size)).map(place) });
  }
  return ok({ size: String(size), hashes: [...places.keys()], proofs });
}

const BLOCK = 256;

/** Reads whole blocks and keeps them: the paths of a page's entries go through a handful. */
export function inBlocks(source: HashSource): HashSource {
  const kept = new Map<string, Promise<readonly Uint8Array[]>>();
  const read = (level: number, block: number) => {
    const name = `${level}:${block}`;
    const known = kept.get(name);
    if (known !== undefined) return known;
    const reading = source(level, block * BLOCK, (block + 1) * BLOCK);
    kept.set(name, reading);
    return reading;
  };
  return async (level, from, past) => {
    const hashes: Uint8Array[] = [];
    for (let block = Math.floor(from / BLOCK); block * BLOCK < past; block++) {
      const first = block * BLOCK;
      hashes.push(...(await read(level, block)).slice(Math.max(0, from - first), past - first));
    }
    return hashes;
  };
}
