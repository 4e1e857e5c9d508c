/** Whether a pattern is plain text, so that an index may hold it by value. */
export function isLiteral(pattern: string): boolean {
  return !/[*?]/.test(pattern);
}

/**
 * Whether a whole text matches a pattern of `*` (any run, also empty) and `?` (exactly one character); case counts.
 *
 * Two pointers and one remembered star: time grows with pattern × text, never exponentially, so no pattern and no
 * attacker-chosen tool name can stall the gateway (a regular expression could).
 */
export function matchesGlob(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let starAt = -1;
  let retryAt = 0;
  while (t < text.length) {
    const wanted = pattern[p];
    if (wanted === '*') {
      starAt = p++;
      retryAt = t;
    } else if (wanted === '?' || (wanted !== undefined && wanted === text[t])) {
      p++;
      t++;
    } else if (starAt !== -1) {
      p = starAt + 1;
      t = ++retryAt;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

/** A pattern as a function, with the common forms (`x`, `x*`, `*x`, `*x*`, `*`) as plain comparisons. */
export function compileGlob(pattern: string): (text: string) => boolean {
  if (isLiteral(pattern)) return (text) => text === pattern;
  const [head = '', ...inner] = pattern.split('*');
  const tail = inner.pop() ?? '';
  if (pattern.includes('?') || inner.some((part) => part !== '' && inner.length > 1)) {
    return (text) => matchesGlob(pattern, text);
  }
  const middle = inner[0] ?? '';
  if (middle !== '') {
    if (head !== '' || tail !== '') return (text) => matchesGlob(pattern, text);
    return (text) => text.includes(middle);
  }
  if (head === '' && tail === '') return () => true;
  if (tail === '') return (text) => text.startsWith(head);
  if (head === '') return (text) => text.endsWith(tail);
  return (text) => text.length >= head.length + tail.length && text.startsWith(head) && text.endsWith(tail);
}

type LiteralEnds = { readonly head: string; readonly tail: string };

/** The plain text that whatever matches must start with, and end with. */
export function literalEnds(pattern: string): LiteralEnds {
  const known = ends.get(pattern);
  if (known !== undefined) return known;
  if (ends.size >= MOST_KEPT) ends.clear();
  const found = readEnds(pattern);
  ends.set(pattern, found);
  return found;
}

/** Comparing two policies asks for the same few patterns millions of times. */
const ends = new Map<string, LiteralEnds>();
const MOST_KEPT = 20_000;

function readEnds(pattern: string): LiteralEnds {
  const last = Math.max(pattern.lastIndexOf('*'), pattern.lastIndexOf('?'));
  if (last === -1) return { head: pattern, tail: pattern };
  return { head: pattern.slice(0, pattern.search(/[*?]/)), tail: pattern.slice(last + 1) };
}

/**
 * Whether every text that matches `inner` also matches `outer`. Says no when it cannot tell.
 *
 * The pattern itself is read as a text in which a star stands for anything: only a star of the outer one may take it.
 */
export function globWithin(inner: string, outer: string): boolean {
  let p = 0;
  let t = 0;
  let starAt = -1;
  let retryAt = 0;
  while (t < inner.length) {
    const [wanted, given] = [outer[p], inner[t]];
    if (wanted === '*') {
      starAt = p++;
      retryAt = t;
    } else if (given !== '*' && (wanted === '?' || (wanted === given && wanted !== undefined))) {
      p++;
      t++;
    } else if (starAt !== -1) {
      p = starAt + 1;
      t = ++retryAt;
    } else {
      return false;
    }
  }
  while (outer[p] === '*') p++;
  return p === outer.length;
}

/** Whether no text matches both. Says no when it cannot tell: it looks at the plain ends only. */
export function globsApart(a: string, b: string): boolean {
  const [left, right] = [literalEnds(a), literalEnds(b)];
  if (left.head.length === a.length) return !matchesGlob(b, a);
  if (right.head.length === b.length) return !matchesGlob(a, b);
  const heads = left.head.startsWith(right.head) || right.head.startsWith(left.head);
  const tails = left.tail.endsWith(right.tail) || right.tail.endsWith(left.tail);
  return !heads || !tails;
}

/** One text that matches, as short as it gets. */
export function exampleOf(pattern: string): string {
  const text = pattern.replaceAll('*', '').replaceAll('?', 'x');
  return text === '' ? 'any' : text;
}
