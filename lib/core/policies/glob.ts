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
