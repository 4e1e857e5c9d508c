// Looks for secrets in texts, as they are and as they might have been encoded on their way.

/** A secret that was planted, and the places where people are meant to see it. */
export type Canary = { readonly name: string; readonly value: string; readonly shownIn?: readonly RegExp[] };
/** Where the search looks: a name, and everything that is there. */
export type Place = { readonly name: string; readonly text: string };

/** Every finding as "canary in place, encoded so". The text around it is not repeated. */
export function findCanaries(canaries: readonly Canary[], places: readonly Place[]): readonly string[] {
  const found: string[] = [];
  for (const { name, value, shownIn = [] } of canaries) {
    for (const place of places) {
      if (shownIn.some((pattern) => pattern.test(place.name))) continue;
      for (const [how, form] of formsOf(value)) {
        if (place.text.includes(form)) found.push(`${name} in ${place.name} (${how})`);
      }
    }
  }
  return found;
}

/** Raw, percent-encoded, hexadecimal, and base64 at each of the three offsets it can have inside something longer. */
function formsOf(value: string): readonly (readonly [string, string])[] {
  const bytes = Buffer.from(value);
  const inside = [0, 1, 2].map((offset): readonly [string, string] => {
    const base64 = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // The first and last characters mix with their neighbours' bits.
    return [`base64 at ${offset}`, base64.slice(offset === 0 ? 0 : offset + 1, -1)];
  });
  const url = encodeURIComponent(value);
  return [
    ['raw', value],
    ['hex', bytes.toString('hex')],
    ['HEX', bytes.toString('hex').toUpperCase()],
    ...inside,
    ...inside.map(([how, form]): readonly [string, string] => [
      `${how}, URL alphabet`,
      form.replaceAll('+', '-').replaceAll('/', '_'),
    ]),
    ...(url === value ? [] : [['percent', url] as const]),
  ];
}
