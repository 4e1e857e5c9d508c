import { concat, fromBase64, fromHex, sameBytes, toBase64, toHex, utf8 } from '../hash/bytes.ts';
import { sha256 } from '../hash/sha256.ts';
import { err, ok, type Result } from '../result.ts';

/** Checks one Ed25519 signature. Injected, because browsers, Node and tests each have their own. */
export type VerifySignature = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

/** A tree head as a C2SP tlog-checkpoint says it. `origin` names the log: `<host>/<log>`. */
export type Checkpoint = { readonly origin: string; readonly size: number; readonly rootHash: Uint8Array };

/** A log's public key with the name it signs under. */
export type VerifierKey = { readonly name: string; readonly keyId: Uint8Array; readonly publicKey: Uint8Array };

/** One signature line of a note. */
export type NoteSignature = { readonly name: string; readonly keyId: Uint8Array; readonly signature: Uint8Array };

/** Why a note, key or checkpoint was refused. */
export type NoteRefusal = { readonly code: 'malformed' | 'bad-signature'; readonly reason: string };

const ED25519 = Uint8Array.of(0x01);
const KEY_NAME = /^[^\s+]+$/u;

/** The text that is signed: origin, size, base64 root, each on its line (C2SP tlog-checkpoint). */
export function checkpointText(checkpoint: Checkpoint): string {
  return `${checkpoint.origin}\n${checkpoint.size}\n${toBase64(checkpoint.rootHash)}\n`;
}

/** Reads a checkpoint text; lines after the third are extensions and are ignored. Sizes are plain decimals without zeros in front. */
export function parseCheckpoint(text: string): Result<Checkpoint, NoteRefusal> {
  const [origin = '', size = '', root = ''] = text.split('\n');
  const rootHash = fromBase64(root);
  if (!text.endsWith('\n') || origin === '' || !/^(?:0|[1-9][0-9]{0,15})$/.test(size)) {
    return malformed('The checkpoint is not origin, size and root on three lines.');
  }
  if (rootHash === null || rootHash.length !== 32) return malformed('The checkpoint root is not 32 bytes of base64.');
  const parsedSize = Number(size);
  if (!Number.isSafeInteger(parsedSize)) return malformed('The checkpoint size is beyond 2^53-1.');
  return ok({ origin, size: parsedSize, rootHash });
}

/** The four-byte id of an Ed25519 key: SHA-256(name ‖ "\n" ‖ 0x01 ‖ key)[:4] (C2SP signed-note). */
export function keyIdOf(name: string, publicKey: Uint8Array): Uint8Array {
  return sha256(concat(utf8(`${name}\n`), ED25519, publicKey)).slice(0, 4);
}

/** The one-line form of a public key: `name+hex(id)+base64(0x01 ‖ key)`. */
export function formatVerifierKey(name: string, publicKey: Uint8Array): string {
  return `${name}+${toHex(keyIdOf(name, publicKey))}+${toBase64(concat(ED25519, publicKey))}`;
}

/** Reads a verifier key. Refuses another algorithm, a wrong length and an id that does not belong to the key. */
export function parseVerifierKey(vkey: string): Result<VerifierKey, NoteRefusal> {
  const [name = '', id = '', ...rest] = vkey.trim().split('+');
  const keyId = fromHex(id);
  const encoded = fromBase64(rest.join('+'));
  if (!KEY_NAME.test(name) || keyId === null || encoded === null || encoded.length !== 33 || encoded[0] !== 0x01) {
    return malformed('The verifier key is not name+id+key of an Ed25519 key.');
  }
  const publicKey = encoded.slice(1);
  if (!sameBytes(keyId, keyIdOf(name, publicKey))) return malformed('The verifier key id does not belong to its key.');
  return ok({ name, keyId, publicKey });
}

/** A signed note: the text, an empty line, one signature line (C2SP signed-note). `text` must end in a newline. */
export function formatNote(text: string, ...signatures: readonly NoteSignature[]): string {
  const lines = signatures.map((s) => `\u2014 ${s.name} ${toBase64(concat(s.keyId, s.signature))}\n`);
  return `${text}\n${lines.join('')}`;
}

/** Splits a note into the signed text and its signature lines; checks no signature. */
export function parseNote(
  note: string,
): Result<{ readonly text: string; readonly signatures: readonly NoteSignature[] }, NoteRefusal> {
  const at = note.lastIndexOf('\n\n');
  if (at === -1 || !note.endsWith('\n')) return malformed('The note has no signature block.');
  const signatures: NoteSignature[] = [];
  for (const line of note.slice(at + 2, -1).split('\n')) {
    const [, name, encoded = ''] = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/=]+)$/u.exec(line) ?? [];
    const bytes = fromBase64(encoded);
    if (name === undefined || bytes === null || bytes.length < 5) return malformed('A signature line is malformed.');
    signatures.push({ name, keyId: bytes.slice(0, 4), signature: bytes.slice(4) });
  }
  return ok({ text: note.slice(0, at + 1), signatures });
}

/** What must verify for a note to be this key's: for callers whose signature check is asynchronous, such as browsers. */
export function signatureToCheck(
  note: string,
  vkey: string,
): Result<
  {
    readonly text: string;
    readonly publicKey: Uint8Array;
    readonly message: Uint8Array;
    readonly signature: Uint8Array;
  },
  NoteRefusal
> {
  const key = parseVerifierKey(vkey);
  if (!key.ok) return key;
  const parsed = parseNote(note);
  if (!parsed.ok) return parsed;
  const { name, keyId, publicKey } = key.value;
  const own = parsed.value.signatures.find((s) => s.name === name && sameBytes(s.keyId, keyId));
  if (own === undefined) return err({ code: 'bad-signature', reason: 'The note carries no signature of this key.' });
  const { text } = parsed.value;
  return ok({ text, publicKey, message: utf8(text), signature: own.signature });
}

/** The checkpoint inside a note, if the key signed it. Without a signature of exactly this key the answer is a refusal. */
export function openCheckpoint(note: string, vkey: string, verify: VerifySignature): Result<Checkpoint, NoteRefusal> {
  const claim = signatureToCheck(note, vkey);
  if (!claim.ok) return claim;
  const { text, publicKey, message, signature } = claim.value;
  if (!verify(publicKey, message, signature)) {
    return err({ code: 'bad-signature', reason: 'The signature under the checkpoint is not valid.' });
  }
  return parseCheckpoint(text);
}

function malformed(reason: string): { readonly ok: false; readonly error: NoteRefusal } {
  return err({ code: 'malformed', reason });
}
