// Server-only. The evidence of a call, a session or a view, as one file that a stranger can verify offline.
import { hash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { auditQuerySchema, type BundleOf, MOST_BUNDLED } from '#lib/contracts/audit.ts';
import { formatEntryLine } from '#lib/core/audit/export-format.ts';
import { writeTar } from '#lib/core/audit/tar.ts';
import { BUNDLE_FILES } from '#lib/core/audit/verify-bundle.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Database } from '../db/prisma.ts';
import { databaseNow, withTx } from '../db/tx.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { Keys } from '../keys/load-keys.ts';
import { readmeOf } from './bundle-readme.ts';
import { type PublishedHead, readCheckpoint } from './read-head.ts';
import { inBlocks } from './read-proofs.ts';
import { belongsTo } from './read-story.ts';
import { whereOf } from './read-timeline.ts';
import { recordEvent } from './record-event.ts';
import { storedHashes } from './stored-hashes.ts';
import { inclusionPath } from './tree-reader.ts';

type Deps = {
  readonly prisma: Database;
  readonly keys: Pick<Keys, 'masterKey'> & { readonly logSigning: { readonly vkey: string } };
};
type Bundle = { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer>; readonly entries: number };
type Refused = { readonly code: 'invalid-request' | 'not-found'; readonly detail: string };
type Row = { readonly seq: bigint; readonly leaf: Uint8Array; readonly entry: string };

/** Proofs that are read before other requests get their turn. */
const PROOFS_A_TURN = 50;

/**
 * The entries of a case with the proof of each against the newest signed head, as a `.tar.gz`, after recording that
 * somebody took it. Entries that no head covers yet are left out, which is a second at most. Refuses a case without
 * entries and one of more than two thousand. Holds no arguments and no results: only the commitments that stand in the
 * entries.
 */
export async function makeBundle(deps: Deps, by: ConfigActor, of: BundleOf): Promise<Result<Bundle, Refused>> {
  const head = await readCheckpoint(deps.prisma);
  if (head === null) return err({ code: 'not-found', detail: 'The log has no signed checkpoint yet.' });
  const where = caseOf(of);
  if (!where.ok) return where;
  const rows = await deps.prisma.$queryRaw<Row[]>`
    SELECT seq, leaf, entry FROM audit_entries WHERE ${where.value} AND seq < ${BigInt(head.size)}
    ORDER BY seq LIMIT ${MOST_BUNDLED + 1}`;
  if (rows.length === 0) return err({ code: 'not-found', detail: 'No signed entry belongs to it.' });
  if (rows.length > MOST_BUNDLED) {
    const detail = `A bundle holds at most ${MOST_BUNDLED} entries: narrow it, or export the whole log.`;
    return err({ code: 'invalid-request', detail });
  }
  const said = saidOf(of);
  const at = await withTx(deps.prisma, async (tx) => {
    await recordEvent(tx, deps.keys, {
      type: 'log.exported',
      actor: auditActor(by),
      detail: { of: wordsOf(said), entries: rows.length, size: head.size },
    });
    return databaseNow(tx);
  });
  const lines = await linesOf(deps.prisma, rows, head);
  const { vkey } = deps.keys.logSigning;
  const files = new Map([
    [BUNDLE_FILES.readme, Buffer.from(readmeOf({ of: wordsOf(said), entries: rows.length, head, vkey }))],
    [BUNDLE_FILES.entries, Buffer.from(lines)],
    [BUNDLE_FILES.checkpoint, Buffer.from(head.note)],
    [BUNDLE_FILES.key, Buffer.from(`${vkey}\n`)],
  ]);
  const manifest = {
    v: 1,
    of: said,
    entries: rows.length,
    size: String(head.size),
    root: head.root,
    madeAt: at.toISOString(),
    madeBy: by.name,
    files: [...files].map(([name, bytes]) => ({ name, bytes: bytes.length, sha256: hash('sha256', bytes) })),
  };
  const whole = new Map([[BUNDLE_FILES.manifest, Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)], ...files]);
  const folder = `evidence-${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}`;
  const packed = await promisify(gzip)(writeTar(folder, whole, Math.floor(at.getTime() / 1000)));
  return ok({ name: `${folder}.tar.gz`, bytes: new Uint8Array(packed), entries: rows.length });
}

function caseOf(of: BundleOf): Result<Prisma.Sql, Refused> {
  switch (of.kind) {
    case 'call':
      return ok(belongsTo(of));
    case 'session':
      return ok(belongsTo(of));
    case 'view': {
      const query = auditQuerySchema.safeParse(of.filters);
      if (!query.success)
        return err({ code: 'invalid-request', detail: 'filters: as in the address of the timeline.' });
      return whereOf(query.data);
    }
  }
}

/** What the case is, as the manifest says it. Only `session` claims to be whole, and the verifier holds it to that. */
function saidOf(of: BundleOf): Readonly<Record<string, string>> {
  switch (of.kind) {
    case 'call':
      return { call: of.callId };
    case 'session':
      return { session: of.sessionId };
    case 'view': {
      const { session, ...filters } = of.filters;
      return session === undefined ? { view: 'entries', ...filters } : { view: 'entries', in: session, ...filters };
    }
  }
}

function wordsOf(said: Readonly<Record<string, string>>): string {
  return Object.entries(said)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

async function linesOf(tx: Pick<Database, '$queryRaw'>, rows: readonly Row[], head: PublishedHead): Promise<string> {
  const source = inBlocks(storedHashes(tx));
  const lines: string[] = [];
  for (const [at, row] of rows.entries()) {
    if (at > 0 && at % PROOFS_A_TURN === 0) await nextTurn();
    const proof = await inclusionPath(source, Number(row.seq), head.size);
    lines.push(`${formatEntryLine({ ...row, proof })}\n`);
  }
  return lines.join('');
}
