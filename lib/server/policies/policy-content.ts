// Server-only. The bytes of a policy: what is hashed, compared and stored.
import { canonicalJson } from '#lib/core/json/canonical.ts';
import { parseStrict } from '#lib/core/json/parse-strict.ts';
import { isJsonArray, type JsonValue } from '#lib/core/json/value.ts';
import type { Rule } from '#lib/core/policies/rule.ts';
import { nativeSha256Hex } from '../calls/native-hash.ts';

/** 2,000 rules with long conditions; the wire and the file are bounded tighter. */
const MAX_BYTES = 16 * 1024 * 1024;

/** Rules as JSON without absent members, their canonical text, and the hex SHA-256 of that text. */
export type PolicyContent = { readonly json: JsonValue[]; readonly text: string; readonly hash: string };

/**
 * The content of a list of rules. Order counts: it decides which of two equal rules is named. Assumes rules that a
 * contract has parsed; throws on text that is no I-JSON (a lone surrogate), which the wire's strict parser refuses before.
 */
export function policyContent(rules: readonly Rule[]): PolicyContent {
  const read = parseStrict(JSON.stringify(rules), { maxBytes: MAX_BYTES });
  if (!read.ok || !isJsonArray(read.value)) throw new Error('the rules are not I-JSON');
  const text = canonicalJson(read.value);
  return { json: [...read.value], text, hash: nativeSha256Hex(text) };
}
