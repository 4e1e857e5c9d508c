/**
 * How many of each kind of place can be filled at once when one person takes at most one place.
 *
 * A maximum assignment (augmenting paths), so that nobody who fits two kinds is spent on the wrong one. Assumes few
 * places and people: time grows with places × people × people. A count that is no positive whole number has no places.
 */
export function placesFilled(
  counts: readonly number[],
  people: number,
  fits: (kind: number, person: number) => boolean,
): readonly number[] {
  const holds: (number | undefined)[] = new Array(people).fill(undefined);
  const filled = counts.map(() => 0);
  counts.forEach((count, kind) => {
    for (let place = 0; place < Math.min(count, people); place++) {
      if (!seat(kind, holds, fits, new Set())) break;
      filled[kind] = (filled[kind] ?? 0) + 1;
    }
  });
  return filled;
}

/** Finds somebody for one place of a kind, moving others to places of theirs that stay filled. */
function seat(
  kind: number,
  holds: (number | undefined)[],
  fits: (kind: number, person: number) => boolean,
  asked: Set<number>,
): boolean {
  for (let person = 0; person < holds.length; person++) {
    if (asked.has(person) || !fits(kind, person)) continue;
    asked.add(person);
    const held = holds[person];
    if (held === undefined || seat(held, holds, fits, asked)) {
      holds[person] = kind;
      return true;
    }
  }
  return false;
}
