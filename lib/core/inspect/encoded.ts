/** What an encoded text turned out to be. `text` can be read on; of the rest only its sort is known. */
export type Encoded =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'binary'; readonly what: string }
  | { readonly kind: 'encrypted'; readonly what: string };

const SHORTEST = 24;
const LONGEST = 262_144;
const ALPHABET = /^[A-Za-z0-9+/_-]+={0,2}$/;

/** Beginnings that name an encryption. */
const SEALED: readonly (readonly [RegExp, string])[] = [
  [/^-----BEGIN PGP MESSAGE-----/, 'a PGP message'],
  [/^-----BEGIN AGE ENCRYPTED FILE-----|^age-encryption\.org\//, 'an age file'],
  [/^-----BEGIN ENCRYPTED PRIVATE KEY-----/, 'an encrypted private key'],
  [/^\$ANSIBLE_VAULT;/, 'an Ansible vault'],
  [/^ENC\[/, 'an encrypted value'],
  [/^U2FsdGVkX1/, 'an OpenSSL-encrypted text'],
  [/^gAAAAA[A-Za-z0-9_-]{60,}={0,2}$/, 'a Fernet token'],
];

/** First bytes that name a format. */
const MAGIC: readonly (readonly [string, string])[] = [
  ['\x1f\x8b', 'gzip data'],
  ['PK\x03\x04', 'a zip archive'],
  ['\x7fELF', 'a program (ELF)'],
  ['MZ', 'a program (Windows)'],
  ['%PDF', 'a PDF'],
  ['\x89PNG', 'a PNG image'],
  ['\xff\xd8\xff', 'a JPEG image'],
  ['GIF8', 'a GIF image'],
  ['7z\xbc\xaf', 'a 7-Zip archive'],
  ['BZh', 'bzip2 data'],
  ['\xfd7zXZ', 'xz data'],
  ['\x00asm', 'a WebAssembly program'],
  ['\xca\xfe\xba\xbe', 'a program (Java or macOS)'],
];

/**
 * Reads a text that is base64 or sealed; null = it is neither. Refuses to guess where an ordinary word, a hash in hex or
 * an identifier would do as well: a badge on every id teaches people to look past it.
 */
export function readEncoded(text: string): Encoded | null {
  const trimmed = text.trim();
  for (const [start, what] of SEALED) if (start.test(trimmed)) return { kind: 'encrypted', what };
  const bare = (/^data:[\w/+.;=-]*;base64,([\s\S]*)$/.exec(trimmed)?.[1] ?? trimmed).replace(/[\r\n]/g, '');
  const declared = trimmed.startsWith('data:');
  if (bare.length < SHORTEST || bare.length > LONGEST || !ALPHABET.test(bare)) return null;
  if (!declared && !looksEncoded(bare)) return null;
  const bytes = decode(bare);
  if (bytes === null) return null;
  for (const [start, what] of MAGIC) if (bytes.startsWith(start)) return { kind: 'binary', what };
  const decoded = readUtf8(bytes);
  if (decoded !== null) return { kind: 'text', text: decoded };
  // Shorter random bytes are keys and ids, of which there are many; only longer ones can carry a message.
  if (!declared && bytes.length < 48) return null;
  return entropy(bytes) > 0.92 * Math.min(8, Math.log2(bytes.length))
    ? { kind: 'encrypted', what: 'bytes without a recognisable form: encrypted, packed or random' }
    : { kind: 'binary', what: 'binary data' };
}

/** Words, paths, hex and numbers are all within the alphabet: an encoding mixes cases and digits, or is padded. */
function looksEncoded(text: string): boolean {
  if (/^[0-9a-f-]+$/i.test(text) || /^[a-z_-]+$/i.test(text.replace(/=+$/, ''))) return false;
  // In an encoding every 64th character is a slash, in a path every tenth.
  if ((text.match(/\//g)?.length ?? 0) * 16 > text.length) return false;
  const marks = [/[a-z]/, /[A-Z]/, /[0-9]/, /[+/=_-]/].filter((mark) => mark.test(text)).length;
  return text.endsWith('=') ? marks >= 2 : marks >= 3 && /[a-z]/.test(text) && /[A-Z]/.test(text);
}

function decode(text: string): string | null {
  const plain = text.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
  try {
    return atob(plain);
  } catch {
    return null;
  }
}

/** The bytes as text, if that is what they are: valid UTF-8 with hardly any control characters. */
function readUtf8(bytes: string): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is counted.
    const controls = text.match(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g)?.length ?? 0;
    return controls * 20 > text.length ? null : text;
  } catch {
    return null;
  }
}

/** Bits per byte. */
function entropy(bytes: string): number {
  const counts = new Map<string, number>();
  for (const byte of bytes) counts.set(byte, (counts.get(byte) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / bytes.length) * Math.log2(count / bytes.length);
  return bits;
}
