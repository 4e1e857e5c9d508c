import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { checkpointText, formatNote, formatVerifierKey, keyIdOf } from '#lib/core/audit/checkpoint.ts';
import { type AuditEntry, canonicalEntry, leafHash, nextInSession } from '#lib/core/audit/entry.ts';
import { formatCheckpointLine, formatEntryLine } from '#lib/core/audit/export-format.ts';
import { inclusionProof, rootFromLeaves } from '#lib/core/audit/merkle.ts';

/** A signer with a key that every run shares; worth nothing outside the tests. */
export type SampleSigner = { readonly vkey: string; readonly signNote: (text: string) => string };

const ED25519_PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
export const LOG_NAME = 'countersign.test/log';

/** A signer whose key is made of one byte repeated. */
export function sampleSigner(seed: number, name: string = LOG_NAME): SampleSigner {
  const der = Buffer.concat([ED25519_PKCS8_HEAD, Buffer.alloc(32, seed)]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32);
  return {
    vkey: formatVerifierKey(name, publicKey),
    signNote: (text) =>
      formatNote(text, { name, keyId: keyIdOf(name, publicKey), signature: sign(null, Buffer.from(text), privateKey) }),
  };
}

/** Ed25519 by the platform, as the verifier wants it. */
export function verifyNatively(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const x = Buffer.from(publicKey).toString('base64url');
  return verify(null, message, createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }), signature);
}

/** Texts of `size` entries: two interleaved sessions and, every fifth, an entry without one. */
export function sampleEntries(size: number): readonly string[] {
  const tails = new Map<string, { seq: number; leaf: Uint8Array }>();
  return Array.from({ length: size }, (_, i) => {
    const id = i % 5 === 4 ? null : i % 2 === 0 ? 'even' : 'odd';
    const link = id === null ? null : nextInSession(id, tails.get(id) ?? null);
    const text = entryText({
      v: 1,
      event_id: `00000000-0000-7000-8000-${String(i).padStart(12, '0')}`,
      ts: new Date(Date.UTC(2026, 0, 1, 0, 0, i)).toISOString(),
      type: 'call.intent',
      tool: `tool \u202e ${i}`,
      ...(link && { session: link }),
    });
    if (link !== null) tails.set(link.id, { seq: link.seq, leaf: leafHash(text) });
    return text;
  });
}

/** A signed export of these entries, as lines. `proofs` adds each entry's audit path. */
export function exportLines(
  entries: readonly string[],
  options: { readonly signer?: SampleSigner; readonly proofs?: boolean } = {},
): readonly string[] {
  const signer = options.signer ?? sampleSigner(1);
  const leaves = entries.map((text) => leafHash(text));
  const lines = entries.map((entry, seq) => {
    const leaf = leaves[seq] ?? new Uint8Array(0);
    const proof = options.proofs === true ? inclusionProof(leaves, seq) : null;
    return formatEntryLine({ seq, entry, leaf, ...(proof && { proof }) });
  });
  const text = checkpointText({ origin: LOG_NAME, size: entries.length, rootHash: rootFromLeaves(leaves) });
  return [...lines, formatCheckpointLine(signer.signNote(text), signer.vkey)];
}

function entryText(entry: AuditEntry): string {
  const text = canonicalEntry(entry);
  if (!text.ok) throw new Error('a sample entry is too large');
  return text.value;
}
