import { literalEnds } from './glob.ts';

/**
 * Things filed under patterns, found by the plain text at either end of a pattern.
 *
 * A name meets one table look-up for every length of text that occurs, not one comparison for every pattern; what is found
 * must still be matched. A pattern with a wildcard at both ends has no such text and cannot be filed.
 */
export class PatternIndex<T> {
  readonly #byHead = new Map<string, T[]>();
  readonly #byTail = new Map<string, T[]>();
  #headLengths: readonly number[] = [];
  #tailLengths: readonly number[] = [];

  static canFile(pattern: string): boolean {
    const { head, tail } = literalEnds(pattern);
    return head !== '' || tail !== '';
  }

  file(pattern: string, thing: T): void {
    const { head, tail } = literalEnds(pattern);
    if (head.length >= tail.length) {
      put(this.#byHead, head, thing);
      this.#headLengths = lengthsOf(this.#headLengths, head.length);
    } else {
      put(this.#byTail, tail, thing);
      this.#tailLengths = lengthsOf(this.#tailLengths, tail.length);
    }
  }

  /** Adds to `found` what could match a name; the same thing may come more than once. */
  collect(name: string, found: (readonly T[])[]): void {
    for (const length of this.#headLengths) {
      if (length > name.length) break;
      const list = this.#byHead.get(name.slice(0, length));
      if (list !== undefined) found.push(list);
    }
    for (const length of this.#tailLengths) {
      if (length > name.length) break;
      const list = this.#byTail.get(name.slice(name.length - length));
      if (list !== undefined) found.push(list);
    }
  }
}

function put<T>(index: Map<string, T[]>, key: string, thing: T): void {
  const list = index.get(key);
  if (list === undefined) index.set(key, [thing]);
  else list.push(thing);
}

function lengthsOf(lengths: readonly number[], length: number): readonly number[] {
  return lengths.includes(length) ? lengths : [...lengths, length].sort((a, b) => a - b);
}
