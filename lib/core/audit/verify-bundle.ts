import { toHex } from '../hash/bytes.ts';
import { type Sha256, sha256 } from '../hash/sha256.ts';
import { parseStrict } from '../json/parse-strict.ts';
import { isJsonArray, isJsonObject, type JsonObject, ownValue } from '../json/value.ts';
import type { VerifySignature } from './checkpoint.ts';
import { FIRST_SESSION_SEQ } from './entry.ts';
import { parseExportLine } from './export-format.ts';
import { collectFindings, type Findings } from './findings.ts';
import { verifyInclusion } from './merkle.ts';
import { openEntry, openSignedHead } from './opened.ts';
import type { Files } from './tar.ts';
import type { BundleVerdict } from './verdict.ts';

/** The files of a bundle, by the names under which they are hashed in its manifest. */
export const BUNDLE_FILES = {
  manifest: 'manifest.json',
  entries: 'entries.ndjson',
  checkpoint: 'checkpoint',
  key: 'log.pub',
  readme: 'README.txt',
} as const;

export type BundleToVerify = {
  readonly files: Files;
  /** The log's key from elsewhere, which is the honest test. */
  readonly vkey?: string | undefined;
  readonly verifySignature: VerifySignature;
  readonly hash?: Sha256;
};

type Manifest = { readonly of: string; readonly session: string | null; readonly entries: number };

/**
 * Verifies an evidence bundle: a part of the log with the proof of each entry, without network, clock or trust in whom
 * it comes from.
 *
 * The attacker made the file. Each entry must be the one that was signed at its number; they must stand in order, each
 * once; of two neighbours in a session the later must name the earlier; and where the bundle is of a session it must run
 * from its first entry on without a gap. The manifest is nobody's signature: it is held against the files, and what it
 * says of the case is repeated as the sender's word.
 */
export function verifyBundle(input: BundleToVerify): BundleVerdict {
  const hash = input.hash ?? sha256;
  const found = collectFindings();
  const manifest = readManifest(input.files, hash, found);
  const text = (name: string) => decode(input.files.get(name));
  const head = openSignedHead(
    text(BUNDLE_FILES.checkpoint),
    (input.vkey ?? text(BUNDLE_FILES.key))?.trim(),
    input.verifySignature,
    found,
  );
  const sessions = new Map<string, { readonly seq: number; readonly leaf: string }>();
  let before = -1;
  let entries = 0;
  let strangers = 0;
  for (const [at, line] of (text(BUNDLE_FILES.entries) ?? '').split('\n').entries()) {
    if (line === '') continue;
    const parsed = parseExportLine(line);
    if (parsed?.kind !== 'entry' || parsed.proof === null) {
      found.add({ code: 'malformed', sentence: `Line ${at + 1} of the entries is no entry with a proof.` });
      continue;
    }
    const { seq, leaf, proof } = parsed;
    entries++;
    if (seq <= before) {
      found.add({ seq, code: 'out-of-order', sentence: `Entry ${seq} stands after a later one, or twice.` });
    }
    before = Math.max(before, seq);
    const entry = openEntry(parsed, hash, found);
    if (head !== null && !verifyInclusion({ leaf, index: seq, size: head.size, proof, root: head.rootHash }, hash)) {
      found.add({ seq, code: 'entry-changed', sentence: `Entry ${seq} is not the one that was signed at its place.` });
    }
    const session =
      entry === null ? null : followLink(seq, entry, toHex(leaf), sessions, manifest?.session ?? null, found);
    if (session !== (manifest?.session ?? session)) strangers++;
  }
  if (manifest !== null && manifest.entries !== entries) {
    found.add({
      code: 'missing-entry',
      sentence: `The manifest counts ${manifest.entries} entries where the bundle holds ${entries}.`,
    });
  }
  if (strangers > 0) {
    found.add({
      code: 'malformed',
      sentence: `${strangers} of the entries are of another session than the manifest says.`,
    });
  }
  if (head === null || manifest === null || found.any()) return found.verdict();
  return {
    kind: 'verified-part',
    origin: head.origin,
    size: head.size,
    entries,
    of: manifest.of,
    wholeSession: manifest.session,
    keySource: input.vkey === undefined ? 'export' : 'given',
  };
}

function decode(bytes: Uint8Array | undefined): string | undefined {
  // A damaged byte must not read as the replacement character, which an entry may really contain.
  if (bytes === undefined) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return new TextDecoder('latin1').decode(bytes);
  }
}

/** Holds the manifest against the files: each is listed with its hash, and nothing lies beside them. */
function readManifest(files: Files, hash: Sha256, found: Findings): Manifest | null {
  const parsed = parseStrict(decode(files.get(BUNDLE_FILES.manifest)) ?? '');
  const manifest = parsed.ok && isJsonObject(parsed.value) ? parsed.value : null;
  const listed = manifest === null ? undefined : ownValue(manifest, 'files');
  const of = manifest === null ? undefined : ownValue(manifest, 'of');
  const entries = manifest === null ? undefined : ownValue(manifest, 'entries');
  if (!isJsonArray(listed) || of === undefined || !isJsonObject(of) || typeof entries !== 'number') {
    found.add({ code: 'malformed', sentence: 'The bundle has no manifest that can be read.' });
    return null;
  }
  const hashes = new Map(
    listed.flatMap((one) => (isJsonObject(one) ? [[ownValue(one, 'name'), ownValue(one, 'sha256')] as const] : [])),
  );
  for (const [name, bytes] of files) {
    if (name === BUNDLE_FILES.manifest) continue;
    const said = hashes.get(name);
    if (said === undefined) found.add({ code: 'file-changed', sentence: `${name} is not in the manifest.` });
    else if (said !== toHex(hash(bytes)))
      found.add({ code: 'file-changed', sentence: `${name} was changed: it is not the one of the manifest.` });
  }
  for (const name of hashes.keys()) {
    if (typeof name !== 'string' || !files.has(name))
      found.add({ code: 'file-changed', sentence: `${String(name)} is missing.` });
  }
  const session = ownValue(of, 'session');
  const said = Object.entries(of).map(([name, value]) => `${name} ${typeof value === 'string' ? value : ''}`.trim());
  return { of: said.join(', '), session: typeof session === 'string' ? session : null, entries };
}

/** The session of an entry, its link compared with the neighbour before it where that is here. */
function followLink(
  seq: number,
  entry: JsonObject,
  leaf: string,
  sessions: Map<string, { readonly seq: number; readonly leaf: string }>,
  whole: string | null,
  found: Findings,
): string | null {
  const link = ownValue(entry, 'session');
  if (link === undefined || !isJsonObject(link)) return null;
  const [id, number, prev] = [ownValue(link, 'id'), ownValue(link, 'seq'), ownValue(link, 'prev')];
  if (typeof id !== 'string' || typeof number !== 'number') {
    found.add({ seq, code: 'malformed', sentence: `Entry ${seq} has a session without id and seq.` });
    return null;
  }
  const before = sessions.get(id);
  sessions.set(id, { seq: number, leaf });
  const due = before === undefined ? FIRST_SESSION_SEQ : before.seq + 1;
  const isNeighbour = number === due;
  if (isNeighbour && prev !== (before?.leaf ?? null)) {
    found.add({
      seq,
      code: 'session-gap',
      sentence: `Entry ${seq} does not follow the entry before it in its session.`,
    });
  } else if (!isNeighbour && id === whole) {
    found.add({
      seq,
      code: 'session-gap',
      sentence: `Entry ${seq} is number ${number} of its session where number ${due} was due.`,
    });
  }
  return id;
}
