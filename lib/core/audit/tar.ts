import { utf8 } from '../hash/bytes.ts';
import { err, ok, type Result } from '../result.ts';

/** Files of one folder, by name. */
export type Files = ReadonlyMap<string, Uint8Array>;

const BLOCK = 512;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/;
const MAGIC = 'ustar\u000000';

/**
 * A tar of the files in one folder (POSIX.1-1988 ustar). `mtimeS` is the same for all, so that the same files give the
 * same bytes. Throws on a name that is more than a plain file name.
 */
export function writeTar(folder: string, files: Files, mtimeS: number): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [name, content] of files) {
    if (!NAME.test(name) || !NAME.test(folder)) throw new TypeError('a file of a bundle needs a plain name');
    parts.push(header(`${folder}/${name}`, content.length, mtimeS), content);
    parts.push(new Uint8Array((BLOCK - (content.length % BLOCK)) % BLOCK));
  }
  parts.push(new Uint8Array(2 * BLOCK));
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function header(path: string, size: number, mtimeS: number): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (text: string, at: number) => block.set(utf8(text), at);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`;
  put(path, 0);
  put(octal(0o644, 7), 100);
  put(octal(0, 7), 108);
  put(octal(0, 7), 116);
  put(octal(size, 11), 124);
  put(octal(mtimeS, 11), 136);
  put('0', 156);
  put(MAGIC, 257);
  put(`${checksum(block).toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** The sum of the header's bytes, with its own eight counted as blanks. */
function checksum(block: Uint8Array): number {
  return block.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : byte), 0);
}

/**
 * The files of a tar whose files all lie in one folder. Whoever made it may be hostile: links, paths that lead elsewhere,
 * a name twice and sizes beyond the end are refused, and nothing is ever written to disk.
 */
export function readTar(bytes: Uint8Array): Result<Files, string> {
  const files = new Map<string, Uint8Array>();
  let folder: string | null = null;
  for (let at = 0; at + BLOCK <= bytes.length; ) {
    const block = bytes.subarray(at, at + BLOCK);
    if (block.every((byte) => byte === 0)) return files.size === 0 ? err('it holds no file') : ok(files);
    const size = Number.parseInt(field(block, 124, 12), 8);
    if (Number.parseInt(field(block, 148, 8), 8) !== checksum(block)) return err('a header is damaged');
    const [first = '', name = '', ...deeper] = field(block, 0, 100).split('/');
    const kind = String.fromCharCode(block[156] ?? 0);
    const isPlain = kind === '0' && field(block, 345, 155) === '' && deeper.length === 0;
    if (!isPlain || !NAME.test(first) || !NAME.test(name) || (folder !== null && folder !== first))
      return err('it holds something else than files of one folder');
    if (!(size >= 0) || at + BLOCK + size > bytes.length) return err('it is cut short');
    if (files.has(name)) return err('it holds a file twice');
    folder = first;
    files.set(name, bytes.subarray(at + BLOCK, at + BLOCK + size));
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return err('it is cut short');
}

function field(block: Uint8Array, from: number, length: number): string {
  const part = block.subarray(from, from + length);
  const end = part.indexOf(0);
  return String.fromCharCode(...part.subarray(0, end === -1 ? length : end)).trim();
}
