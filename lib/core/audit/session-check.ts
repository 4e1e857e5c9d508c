import { toHex } from '../hash/bytes.ts';
import { isJsonObject, type JsonObject, ownValue } from '../json/value.ts';
import { FIRST_SESSION_SEQ } from './entry.ts';
import type { Finding } from './verdict.ts';

/** Follows every session's chain: each entry must name the leaf of the one before it. */
export type SessionCheck = {
  readonly see: (seq: number, entry: JsonObject, leaf: Uint8Array) => Finding | null;
  readonly count: () => number;
};

/**
 * Assumes entries come in the order of the log. A session's first entry has number 1 and no predecessor, so a session
 * whose beginning was cut off is noticed as well. After a gap it goes on from there and reports each gap once.
 */
export function followSessions(): SessionCheck {
  const last = new Map<string, { readonly seq: number; readonly leaf: string }>();
  return {
    see(seq, entry, leaf) {
      const link = ownValue(entry, 'session');
      if (link === undefined) return null;
      const id = isJsonObject(link) ? ownValue(link, 'id') : undefined;
      const number = isJsonObject(link) ? ownValue(link, 'seq') : undefined;
      const prev = isJsonObject(link) ? ownValue(link, 'prev') : undefined;
      if (typeof id !== 'string' || typeof number !== 'number' || (prev !== null && typeof prev !== 'string')) {
        return { seq, code: 'malformed', sentence: `Entry ${seq} has a session without id, seq and prev.` };
      }
      const before = last.get(id);
      last.set(id, { seq: number, leaf: toHex(leaf) });
      const expected = before === undefined ? FIRST_SESSION_SEQ : before.seq + 1;
      if (number === expected && prev === (before?.leaf ?? null)) return null;
      return {
        seq,
        code: 'session-gap',
        sentence:
          number === expected
            ? `Entry ${seq} does not follow the entry before it in its session.`
            : `Entry ${seq} is number ${number} of its session where number ${expected} was due.`,
      };
    },
    count: () => last.size,
  };
}
