// Server-only. How many connections one identity, and all of them together, may have open at the proxy.

export type ConnectionLimits = {
  /** Takes a place and returns how to give it back, or null when there is none. */
  take(identity: string): (() => void) | null;
  open(): number;
};

/** One identity cannot use up the places of the others: a looping agent must not cut off the rest. */
export function createConnectionLimits(most: { readonly each: number; readonly all: number }): ConnectionLimits {
  const taken = new Map<string, number>();
  let all = 0;
  return {
    take: (identity) => {
      const own = taken.get(identity) ?? 0;
      if (own >= most.each || all >= most.all) return null;
      taken.set(identity, own + 1);
      all++;
      let given = false;
      return () => {
        if (given) return;
        given = true;
        all--;
        const left = (taken.get(identity) ?? 1) - 1;
        if (left === 0) taken.delete(identity);
        else taken.set(identity, left);
      };
    },
    open: () => all,
  };
}
