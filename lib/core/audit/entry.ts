import { fromHex, toHex, utf8 } from '../hash/bytes.ts';
import { hmacSha256Hex, type Sha256, sha256 } from '../hash/sha256.ts';
import { canonicalJson } from '../json/canonical.ts';
import type { JsonObject } from '../json/value.ts';
import { err, ok, type Result } from '../result.ts';
import type { ActionClass, Tier } from '../risk/types.ts';

/** An entry's place in its session: `prev` is the hex leaf of the session's previous entry, null for the first. */
export type SessionLink = { readonly id: string; readonly seq: number; readonly prev: string | null };

/**
 * One entry of the log. Arguments, results and reasons appear only as commitments; names are attacker text and are
 * escaped by whoever shows them. Optional members are left out of the text, never written as null.
 */
export type AuditEntry = {
  readonly v: 1;
  readonly event_id: string;
  /** ISO 8601 UTC, of the database's clock. */
  readonly ts: string;
  /** `noun.verb`, such as `call.intent`, `approval.voted`, `kill.on`. */
  readonly type: string;
  readonly session?: SessionLink;
  readonly actor?: {
    readonly type: 'agent' | 'person' | 'operator' | 'system';
    readonly id: string;
    readonly name?: string;
    readonly idp?: string;
    readonly amr?: readonly string[];
    readonly cred_id?: string;
  };
  readonly agent?: { readonly uid?: string; readonly name?: string; readonly instance?: string };
  readonly server?: { readonly id?: string; readonly name?: string; readonly cfg_hash?: string };
  readonly tool?: string;
  readonly tool_schema_hash?: string;
  readonly tier?: Tier;
  readonly action_class?: ActionClass;
  readonly call_id?: string;
  readonly request_id?: string;
  readonly args_commit?: string;
  readonly shown_commit?: string;
  readonly decision?: string;
  /** A code of problems.ts where the decision was a refusal. */
  readonly code?: string;
  readonly reason_commit?: string;
  readonly quorum?: { readonly needed: number; readonly approved: number; readonly voters?: readonly string[] };
  readonly policy?: { readonly id?: string; readonly ver?: number; readonly hash?: string };
  readonly approval_digest?: string;
  readonly kill_epoch?: string;
  readonly result?: {
    readonly status: string;
    readonly commit?: string;
    readonly latency_ms?: number;
    readonly bytes?: number;
  };
  readonly egress_host?: string;
  readonly gateway?: { readonly id: string; readonly key_id?: string; readonly sig?: string };
  readonly separation?: 'solo';
  /** What a configuration event changed; never secrets, never arguments. */
  readonly detail?: JsonObject;
};

/** Most UTF-8 bytes an entry may have: tiles prefix entries with a 16-bit length, and payloads live elsewhere. */
export const MAX_ENTRY_BYTES = 4096;

/** The number of a session's first entry. */
export const FIRST_SESSION_SEQ = 1;

/** The exact text that is hashed and kept: JCS. Refuses more than 4 KiB; the caller must then commit to the large part. */
export function canonicalEntry(
  entry: AuditEntry,
): Result<string, { readonly code: 'entry-too-large'; readonly bytes: number }> {
  const text = canonicalJson(entry);
  const bytes = utf8(text).length;
  return bytes > MAX_ENTRY_BYTES ? err({ code: 'entry-too-large', bytes }) : ok(text);
}

/** The leaf of an entry: SHA-256(0x00 ‖ text). U+0000 is the byte 0x00 in UTF-8, which spares a native hash two copies. */
export function leafHash(entryText: string, hash: Sha256 = sha256): Uint8Array {
  return hash(`\0${entryText}`);
}

/** The link of a session's next entry, given the session's last one (null when it has none yet). */
export function nextInSession(
  id: string,
  last: { readonly seq: number; readonly leaf: Uint8Array } | null,
): SessionLink {
  if (last === null) return { id, seq: FIRST_SESSION_SEQ, prev: null };
  return { id, seq: last.seq + 1, prev: toHex(last.leaf) };
}

/**
 * A commitment to a value: hex HMAC-SHA256(salt, canonical text).
 *
 * A plain hash of `{"confirm":true}` is found by trying; with a random 256-bit salt per event, disclosing one salt opens
 * one event and erasing it closes that event for ever. Throws on a salt that is not 32 bytes of lowercase hex: a short
 * salt would be a silent leak.
 */
export function commit(saltHex: string, canonical: string): string {
  const salt = fromHex(saltHex);
  if (salt === null || salt.length !== 32) throw new TypeError('a commitment salt must be 32 bytes of lowercase hex');
  return hmacSha256Hex(salt, canonical);
}
