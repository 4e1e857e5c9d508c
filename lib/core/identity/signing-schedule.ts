/** A token-signing key's times, in milliseconds of the database's clock. */
export type SigningTimes = { readonly kid: string; readonly signsFromMs: number; readonly retiresAtMs: number | null };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long one key signs. */
export const SIGNS_FOR_MS = 30 * DAY_MS;
/** How long before its time the next one is published: whoever keeps the key set for a day still knows it. */
export const PUBLISHED_AHEAD_MS = DAY_MS;
/** How long a key is believed after its successor took over: far longer than any token or receipt it signed may live. */
export const BELIEVED_AFTER_MS = HOUR_MS;

/** What the worker has to do to the signing keys now. */
export type SigningStep =
  | { readonly kind: 'none' }
  /** Publish another one that signs from then on; the newest of the present ones retires at that time. */
  | {
      readonly kind: 'publish';
      readonly signsFromMs: number;
      readonly retires: { readonly kid: string; readonly atMs: number };
    };

/**
 * Says whether the next key is due. A key that should have been replaced long ago (the worker was away) is replaced a day
 * from now all the same: a verifier with a cached key set would refuse tokens of a key that nobody had announced.
 */
export function nextSigningStep(keys: readonly SigningTimes[], nowMs: number): SigningStep {
  const newest = newestOf(keys);
  if (newest === null || newest.signsFromMs > nowMs) return { kind: 'none' };
  if (nowMs < newest.signsFromMs + SIGNS_FOR_MS - PUBLISHED_AHEAD_MS) return { kind: 'none' };
  const signsFromMs = Math.max(newest.signsFromMs + SIGNS_FOR_MS, nowMs + PUBLISHED_AHEAD_MS);
  return { kind: 'publish', signsFromMs, retires: { kid: newest.kid, atMs: signsFromMs + BELIEVED_AFTER_MS } };
}

/** The key that signs at a moment: of those whose time has come and that are believed still, the one that came last. */
export function signingKeyAt<K extends SigningTimes>(keys: readonly K[], atMs: number): K | null {
  return newestOf(keys.filter((key) => key.signsFromMs <= atMs && isBelieved(key, atMs)));
}

/** Whether what this key signed counts at a moment. */
export function isBelieved(key: SigningTimes, atMs: number): boolean {
  return key.retiresAtMs === null || atMs < key.retiresAtMs;
}

function newestOf<K extends SigningTimes>(keys: readonly K[]): K | null {
  return keys.reduce<K | null>(
    (newest, key) => (newest === null || key.signsFromMs > newest.signsFromMs ? key : newest),
    null,
  );
}
