declare const brandOf: unique symbol;

/** A value that carries the proof of having passed one particular check; structurally equal values are not accepted. */
export type Brand<T, B extends string> = T & { readonly [brandOf]: B };

/**
 * Marks a value as checked. The one cast in the code base: call it only in the function that did the checking, because
 * every holder of the branded type trusts that the check happened.
 */
export function brand<B extends string, T>(value: T): Brand<T, B> {
  return value as Brand<T, B>;
}
