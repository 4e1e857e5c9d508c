/** The identity under which the gateway itself reaches upstream servers. */
export const GATEWAY_IDENTITY = 'gateway';
/** The identity of notifications: a push endpoint that somebody registers must not lead to what the gateway may reach. */
export const NOTIFICATIONS_IDENTITY = 'notifications';

type Owned = { readonly identity?: string | undefined };

/** The entries of one identity: `gateway`, `notifications`, `agent:<name>` or `server:<name>`. One without an identity is the gateway's. */
export function entriesFor<E extends Owned>(entries: readonly E[], identity: string): readonly E[] {
  return entries.filter((entry) => (entry.identity ?? GATEWAY_IDENTITY) === identity);
}

/**
 * The same for the hot path: as long as the list is the same one, the answer for an identity is the same array, so that
 * verdicts can be remembered per array. Assumes that a list is never changed in place.
 */
export function createEntriesFor<E extends Owned>(): (entries: readonly E[], identity: string) => readonly E[] {
  let of: readonly E[] | null = null;
  let known = new Map<string, readonly E[]>();
  return (entries, identity) => {
    if (of !== entries) {
      of = entries;
      known = new Map();
    }
    const remembered = known.get(identity);
    if (remembered !== undefined) return remembered;
    const found = entriesFor(entries, identity);
    known.set(identity, found);
    return found;
  };
}
