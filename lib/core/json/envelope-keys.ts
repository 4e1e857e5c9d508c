/**
 * Whether an object has a key that equals an allowed one only when case is ignored, such as `Method` beside `method`.
 *
 * The attacker sends both spellings to two readers, of which one folds case: the gateway decides on `method` and the
 * upstream runs `Method`. Exact spellings are fine; unrelated keys are not judged here.
 */
export function hasCaseVariantKeys(object: Readonly<Record<string, unknown>>, allowed: readonly string[]): boolean {
  for (const key of Object.keys(object)) {
    if (allowed.includes(key)) continue;
    const folded = fold(key);
    if (allowed.some((name) => fold(name) === folded)) return true;
  }
  return false;
}

/** Upper-casing first also catches letters such as U+017F and U+212A that fold into ASCII. */
function fold(key: string): string {
  return key.normalize('NFKC').toUpperCase().toLowerCase();
}
