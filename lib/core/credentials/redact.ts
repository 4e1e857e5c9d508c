// What an upstream echoes of its own credential must not reach the agent, the log or a screen.

/** What stands where a secret stood. */
export const REDACTED = '[credential removed]';
/** Below this a secret is a common word, and removing it would say where it stood. Nothing shorter is accepted. */
const SHORTEST = 6;

/**
 * The spellings in which a secret comes back: as it is, as JSON, percent-encoded, as base64 in its three alignments, as hex.
 * Assumes at least one secret; longer spellings first, so that none leaves a rest of another.
 */
export function spellingsOf(secrets: readonly string[]): readonly string[] {
  const spellings = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < SHORTEST) continue;
    const bytes = new TextEncoder().encode(secret);
    const json = JSON.stringify(secret).slice(1, -1);
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    for (const text of [
      secret,
      json,
      json.replaceAll('/', '\\/'),
      encodeURIComponent(secret),
      hex,
      hex.toUpperCase(),
    ]) {
      spellings.add(text);
    }
    for (const text of base64Of(bytes)) spellings.add(text);
  }
  return [...spellings].toSorted((a, b) => b.length - a.length);
}

/** Base64 of the bytes wherever they begin in a longer text, without the characters that its neighbours share. */
function base64Of(bytes: Uint8Array): readonly string[] {
  const texts: string[] = [];
  for (const before of [0, 1, 2]) {
    const padded = new Uint8Array(before + bytes.length);
    padded.set(bytes, before);
    const text = btoa(String.fromCharCode(...padded)).replace(/=+$/, '');
    const from = before === 0 ? 0 : before + 1;
    const shared = (before + bytes.length) % 3 === 0 ? 0 : 1;
    const core = text.slice(from, text.length - shared);
    if (core.length < 8) continue;
    texts.push(core, core.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return texts;
}

/**
 * The text without any of the spellings. A JSON text that spells characters as `\u…` is read and compared as well; it is
 * written anew only when a secret was in it, so every other text leaves as it came.
 */
export function redactSpellings(text: string, spellings: readonly string[]): string {
  let clean = text;
  for (const spelling of spellings) {
    if (clean.includes(spelling)) clean = clean.replaceAll(spelling, REDACTED);
  }
  if (!clean.includes('\\u')) return clean;
  const plain = withoutEscapes(clean);
  let cleaner = plain;
  for (const spelling of spellings) cleaner = cleaner.replaceAll(spelling, REDACTED);
  return cleaner === plain ? clean : cleaner;
}

/** JSON's escapes of printable ASCII, written as JSON writes them when it need not escape. */
function withoutEscapes(json: string): string {
  return json.replaceAll(/\\(u[0-9a-fA-F]{4}|.)/gs, (whole, rest: string) => {
    if (!rest.startsWith('u') || rest.length !== 5) return whole;
    const code = Number.parseInt(rest.slice(1), 16);
    if (code < 0x20 || code > 0x7e) return whole;
    const plain = String.fromCharCode(code);
    return plain === '"' || plain === '\\' ? `\\${plain}` : plain;
  });
}

/** Percent-encoded ASCII in the clear: some encode a slash or a dash and some do not, in either case of letters. */
export function withoutPercent(text: string): string {
  return text.replaceAll(/%([2-7][0-9a-fA-F])/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
