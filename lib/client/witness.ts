import { z } from 'zod';
import { parseCheckpoint, signatureToCheck } from '#lib/core/audit/checkpoint.ts';
import { verifyConsistency } from '#lib/core/audit/consistency.ts';
import { fromHex, toHex } from '#lib/core/hash/bytes.ts';

/** What this browser remembers of the log: enough to notice a log that was rewritten, cut or swapped behind its back. */
export const memorySchema = z.object({ size: z.number().int(), root: z.string(), vkey: z.string(), at: z.string() });
export type Memory = z.infer<typeof memorySchema>;

/** Checks one Ed25519 signature; null = this browser cannot (no WebCrypto outside a secure context). */
export type CheckSignature = (key: Uint8Array, message: Uint8Array, signature: Uint8Array) => Promise<boolean | null>;

/** The log as this browser can vouch for it. `alarm` names the attack: somebody with the database or the key changed history. */
export type Testimony =
  | { readonly kind: 'consistent'; readonly size: number; readonly since: string; readonly sinceSize: number }
  | { readonly kind: 'first-seen'; readonly size: number }
  | { readonly kind: 'alarm'; readonly reason: string }
  | { readonly kind: 'cannot-check'; readonly reason: string };

type Head = { readonly note: string; readonly vkey: string; readonly at: string };
type FetchProof = (from: number, to: number) => Promise<readonly string[] | null>;

/** A 32-byte hash from its hex, or null. */
export function hashFrom(text: string): Uint8Array | null {
  const bytes = fromHex(text);
  return bytes?.length === 32 ? bytes : null;
}

/**
 * Judges the newest checkpoint against what this browser saw before: signed by the same key, not shorter, and an
 * extension of the remembered tree by a consistency proof. Returns the memory to keep; after an alarm the old one stays,
 * so that the alarm does not go away by reloading.
 */
export async function testify(
  head: Head,
  memory: Memory | null,
  checkSignature: CheckSignature,
  fetchProof: FetchProof,
): Promise<{ readonly testimony: Testimony; readonly keep: Memory | null }> {
  const alarm = (reason: string) => ({ testimony: { kind: 'alarm', reason } as const, keep: memory });
  const cannot = (reason: string) => ({ testimony: { kind: 'cannot-check', reason } as const, keep: memory });

  const claim = signatureToCheck(head.note, head.vkey);
  if (!claim.ok) return alarm(`The checkpoint is not signed by the log's key. ${claim.error.reason}`);
  const { text, publicKey, message, signature } = claim.value;
  const signed = await checkSignature(publicKey, message, signature);
  if (signed === null)
    return cannot('This browser cannot check Ed25519 signatures here. HTTPS or localhost is needed.');
  if (!signed) return alarm("The signature under the newest checkpoint is not the log key's.");
  const parsed = parseCheckpoint(text);
  if (!parsed.ok) return alarm(parsed.error.reason);

  const { size, rootHash } = parsed.value;
  const now: Memory = { size, root: toHex(rootHash), vkey: head.vkey, at: head.at };
  if (memory === null) return { testimony: { kind: 'first-seen', size }, keep: now };
  if (memory.vkey !== head.vkey) return alarm('The log is signed by another key than when this browser first saw it.');
  if (size < memory.size) {
    return alarm(
      `The log has ${size} entries; this browser has seen ${memory.size}. Entries were removed or an old copy restored.`,
    );
  }
  const fromRoot = hashFrom(memory.root);
  if (fromRoot === null) return { testimony: { kind: 'first-seen', size }, keep: now };
  const proof = size === memory.size || memory.size === 0 ? [] : await fetchProof(memory.size, size);
  if (proof === null)
    return cannot('The consistency proof could not be fetched. It is tried again with the next checkpoint.');
  const hashes = proof.map(hashFrom);
  const path = hashes.flatMap((hash) => (hash === null ? [] : [hash]));
  const holds =
    path.length === hashes.length &&
    verifyConsistency({ fromSize: memory.size, fromRoot, toSize: size, toRoot: rootHash, proof: path });
  if (!holds)
    return alarm(`The log of today is not an extension of the one this browser saw at ${memory.size} entries.`);
  return {
    testimony: { kind: 'consistent', size, since: memory.at, sinceSize: memory.size },
    keep: { ...now, at: memory.at },
  };
}
