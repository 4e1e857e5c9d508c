// Which of many secrets stands in a text, without keeping the secrets: a credential of one server is no argument for another.

/** The shortest spelling that is looked for; see `spellingsOf`, which makes none shorter. */
const HEAD = 6;

/** One spelling of a secret as it is kept: enough to recognise it, not enough to use it. */
export type Fingerprint = {
  /** The rolling hash of its first characters. */
  readonly head: number;
  /** That of its last six. Many secrets begin alike (`github_pat_`), and a text of such beginnings would cost a keyed hash each. */
  readonly tail: number;
  /** In UTF-16 units. */
  readonly length: number;
  /** A keyed hash of all of it. */
  readonly mark: string;
};
/** What recognises a whole spelling; keyed, so that a dump of the memory cannot be searched by guessing. */
export type MarkOf = (spelling: string) => string;

/** The fingerprints of the spellings of one secret; those shorter than six characters have none. */
export function fingerprintsOf(spellings: readonly string[], markOf: MarkOf): readonly Fingerprint[] {
  return spellings
    .filter((spelling) => spelling.length >= HEAD)
    .map((spelling) => ({
      head: hashAt(spelling, 0),
      tail: hashAt(spelling, tailOf(spelling.length)),
      length: spelling.length,
      mark: markOf(spelling),
    }));
}

/** Fingerprints by head, each with whose secret it is. */
export type FingerprintIndex<T> = ReadonlyMap<number, readonly (readonly [Fingerprint, T])[]>;

/** Puts the fingerprints of many secrets into one index. */
export function indexFingerprints<T>(
  owned: Iterable<readonly [fingerprints: readonly Fingerprint[], owner: T]>,
): FingerprintIndex<T> {
  const index = new Map<number, (readonly [Fingerprint, T])[]>();
  for (const [fingerprints, owner] of owned) {
    for (const fingerprint of fingerprints) {
      const same = index.get(fingerprint.head);
      if (same === undefined) index.set(fingerprint.head, [[fingerprint, owner]]);
      else same.push([fingerprint, owner]);
    }
  }
  return index;
}

/**
 * Whose secret stands in the text, or null. One pass over the text however many secrets there are (Karp and Rabin, 1987);
 * the keyed hash is asked only where head and tail fit.
 */
export function findSecret<T>(text: string, index: FingerprintIndex<T>, markOf: MarkOf): T | null {
  if (index.size === 0 || text.length < HEAD) return null;
  let hash = hashAt(text, 0);
  for (let at = 0; ; at++) {
    for (const [fingerprint, owner] of index.get(hash) ?? []) {
      const { length, tail, mark } = fingerprint;
      if (at + length > text.length || hashAt(text, at + tailOf(length)) !== tail) continue;
      if (markOf(text.slice(at, at + length)) === mark) return owner;
    }
    if (at + HEAD >= text.length) return null;
    const without = (hash - Math.imul(text.charCodeAt(at), FIRST_WEIGHT)) | 0;
    hash = (Math.imul(without, BASE) + text.charCodeAt(at + HEAD)) | 0;
  }
}

const BASE = 0x01000193;
/** What the first of six characters weighs: the base to the fifth. */
const FIRST_WEIGHT = [1, 2, 3, 4].reduce((weight) => Math.imul(weight, BASE), BASE);

/** Where the last characters begin; of a short secret they would give too much of it away, so its first are looked at twice. */
function tailOf(length: number): number {
  return length < 2 * HEAD ? 0 : length - HEAD;
}

function hashAt(text: string, from: number): number {
  let hash = 0;
  for (let at = from; at < from + HEAD; at++) hash = (Math.imul(hash, BASE) + text.charCodeAt(at)) | 0;
  return hash;
}
