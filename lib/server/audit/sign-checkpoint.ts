// Server-only. The signed tree head: what outsiders remember of the log.
import { type KeyObject, sign } from 'node:crypto';
import { checkpointText, formatNote, parseVerifierKey } from '#lib/core/audit/checkpoint.ts';

/** The log's signing key, kept outside the database: who owns only the database cannot sign a forked log. */
export type LogSigning = { readonly privateKey: KeyObject; readonly vkey: string; readonly origin: string };

/**
 * A C2SP checkpoint as a signed note. An extension line carries the database's time, so that the head of an idle log is
 * a fresh statement and not a repeat of the last one. Throws on a verifier key that does not parse: that is a damaged
 * key directory.
 */
export function signCheckpoint(head: { size: number; root: Uint8Array; at: string }, signing: LogSigning): string {
  const key = parseVerifierKey(signing.vkey);
  if (!key.ok) throw new Error(`the log's verifier key is unusable: ${key.error.reason}`);
  const text = `${checkpointText({ origin: signing.origin, size: head.size, rootHash: head.root })}time ${head.at}\n`;
  const signature = sign(null, Buffer.from(text), signing.privateKey);
  return formatNote(text, { name: key.value.name, keyId: key.value.keyId, signature });
}
