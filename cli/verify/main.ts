import { createPublicKey, hash, verify } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { BundleVerdict, Verdict } from '#lib/core/audit/verdict.ts';
import { verifyBundle } from '#lib/core/audit/verify-bundle.ts';
import { verifyExport } from '#lib/core/audit/verify-export.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { toVisible } from '#lib/core/text/visible.ts';
import { findBundle } from './read-bundle.ts';
import { findExport, linesOf } from './read-export.ts';

/** Where the verifier writes; the command line gives it stdout and stderr. */
export type VerifyIo = {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly colour?: boolean;
};

const USAGE = 'Usage: countersign verify <export.ndjson | bundle.tar.gz | directory> [--key log.pub] [--json]';
const OK = 0;
const FAILED = 1;
const BAD_USAGE = 2;

/**
 * Verifies an export or a bundle offline: 0 verified, 1 failed, 2 usage or unreadable. Needs no server, no network and no other part
 * of the product. The file is attacker text: whatever of it is printed goes through `toVisible`.
 */
export async function runVerify(argv: readonly string[], io: VerifyIo): Promise<number> {
  const args = readArguments(argv);
  if (args === null) {
    io.err(USAGE);
    return BAD_USAGE;
  }
  if (args.keyFile !== undefined && !existsSync(args.keyFile)) {
    io.err(toVisible(`There is no key file at ${args.keyFile}.`));
    return BAD_USAGE;
  }
  const given = args.keyFile === undefined ? undefined : readFileSync(args.keyFile, 'utf8').trim();
  const judged = judge(args.path, given);
  if (!judged.ok) {
    io.err(toVisible(judged.error));
    return BAD_USAGE;
  }
  const verdict = judged.value;
  const independent = given !== undefined;
  if (args.json) io.out(JSON.stringify(independent ? verdict : withOwnKey(verdict)));
  else print(verdict, independent, io);
  return verdict.kind === 'failed' ? FAILED : OK;
}

type Judged = Verdict | BundleVerdict;

/** Verifies what lies at the path, a bundle or a whole export; an error where there is neither. */
function judge(path: string, given: string | undefined): Result<Judged, string> {
  const means = {
    verifySignature: verifyEd25519,
    hash: (data: string | Uint8Array) => hash('sha256', data, 'buffer'),
  };
  const bundle = findBundle(path);
  if (bundle !== null) return bundle.ok ? ok(verifyBundle({ files: bundle.value, vkey: given, ...means })) : bundle;
  const files = findExport(path);
  if (!files.ok) return files;
  return ok(
    verifyExport({
      lines: linesOf(files.value.entries),
      checkpointNote: files.value.checkpoint,
      vkey: given ?? files.value.key?.trim(),
      ...means,
    }),
  );
}

function readArguments(argv: readonly string[]): { path: string; keyFile: string | undefined; json: boolean } | null {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { key: { type: 'string' }, json: { type: 'boolean', default: false } },
    });
    const [path, ...extra] = positionals;
    return path === undefined || extra.length > 0 ? null : { path, keyFile: values.key, json: values.json };
  } catch {
    return null;
  }
}

/** A key file inside the bundle is the bundle's own word, like the key in its closing line. */
function withOwnKey(verdict: Judged): Judged {
  return verdict.kind === 'failed' ? verdict : { ...verdict, keySource: 'export' };
}

const OWN_KEY =
  'The key came with the export. To be sure whose log this is, get log.pub elsewhere and pass --key log.pub.';

function print(verdict: Judged, independent: boolean, io: VerifyIo): void {
  const paint = (code: number, text: string) => (io.colour === true ? `\u001b[${code}m${text}\u001b[0m` : text);
  switch (verdict.kind) {
    case 'verified':
      io.out(
        paint(
          32,
          toVisible(
            `VERIFIED: all ${verdict.size} entries of ${verdict.origin} are unchanged, complete and in order; ` +
              `${verdict.sessions} sessions without a gap; root ${verdict.root}.`,
          ),
        ),
      );
      if (!independent) io.out(OWN_KEY);
      return;
    case 'verified-part': {
      const session =
        verdict.wholeSession === null
          ? 'That nothing else belongs to it is the sender’s word: ask for the whole log to be sure.'
          : `No entry of the session ${verdict.wholeSession} is missing from its first one to its last one in here.`;
      const which =
        verdict.entries === 1 ? 'the one entry is as it was' : `all ${verdict.entries} entries are as they were`;
      io.out(
        paint(
          32,
          toVisible(
            `VERIFIED IN PART: ${which} signed, out of the first ${verdict.size} of ${verdict.origin}. ` +
              `Evidence of: ${verdict.of}. ${session}`,
          ),
        ),
      );
      if (!independent) io.out(OWN_KEY);
      return;
    }
    case 'failed': {
      const all = verdict.findings.length + verdict.more;
      io.out(paint(31, `FAILED: this export is not what the log signed (${all} finding${all === 1 ? '' : 's'}).`));
      for (const finding of verdict.findings) {
        const where = finding.seq === undefined ? '' : `seq ${finding.seq}: `;
        io.out(toVisible(`  ${where}${finding.code}: ${finding.sentence}`));
      }
      if (verdict.more > 0) io.out(`  and ${verdict.more} more.`);
      return;
    }
  }
}

/** Ed25519 by the platform. A key of the wrong length is refused by the caller; anything it throws on is not valid. */
function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    const x = Buffer.from(publicKey).toString('base64url');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    return verify(null, message, key, signature);
  } catch {
    return false;
  }
}
