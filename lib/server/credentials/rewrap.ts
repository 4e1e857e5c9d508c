// Server-only. Another master key: every data key is wrapped under it too; then the old wraps go.
import { join } from 'node:path';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { OperatorPrincipal } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import type { Database } from '../db/prisma.ts';
import { withTx } from '../db/tx.ts';
import { readSecret } from '../keys/key-files.ts';
import type { Keys } from '../keys/load-keys.ts';
import { decodeMasterKey, dropOtherRoots, fileWrapper, masterKeyId, wrapDataRoot } from '../keys/master-key.ts';
import { rewrapKey } from './vault.ts';

export type RewrapDeps = {
  readonly prisma: Database;
  readonly keys: Keys;
  readonly dataDir: string;
  readonly actor: OperatorPrincipal;
};

/** How many data keys are under the new key now, and whether any is not. */
export type Rewrapped = { readonly keyId: string; readonly wrapped: number; readonly already: number };

const AT_ONCE = 100;

/**
 * Wraps every data key under a new master key, beside the old wrap: the running processes go on with the old one, and those
 * that are started with the new file find theirs. Nothing is lost at any point: killed in the middle, it is run again and goes
 * on where it was. The data root, under which payloads and signing keys are sealed, is wrapped the same way, so that those
 * need not be touched.
 */
export async function rewrapKeys(deps: RewrapDeps, newMasterKeyFile: string): Promise<Result<Rewrapped, string>> {
  const { prisma, keys, dataDir, actor } = deps;
  const newKey = decodeMasterKey(readSecret(newMasterKeyFile), newMasterKeyFile);
  const to = fileWrapper(newKey);
  if (to.id === keys.wrapper.id) return err('This is the master key that is in use already.');
  const directory = join(dataDir, 'keys');
  // The new way to the root first: a root without one for the key in use is what the start refuses.
  wrapDataRoot(directory, keys.masterKey, newKey);
  // The old one too, by name: from now on a master key without a wrapped root of its own is the wrong key.
  wrapForCurrent(deps, directory);
  let wrapped = 0;
  for (;;) {
    const rows = await prisma.$queryRaw<Row[]>`
      SELECT s.id, s.credential_id, s.version, c.server_id, c.config_hash, w.wrapped
      FROM credential_secrets s JOIN credentials c ON c.id = s.credential_id
      JOIN credential_wraps w ON w.secret_id = s.id AND w.key_id = ${keys.wrapper.id}
      WHERE NOT EXISTS (SELECT FROM credential_wraps n WHERE n.secret_id = s.id AND n.key_id = ${to.id})
      ORDER BY s.id LIMIT ${AT_ONCE}`;
    if (rows.length === 0) break;
    for (const row of rows) {
      const place = {
        secretId: row.id,
        credentialId: row.credential_id,
        version: row.version,
        serverId: row.server_id,
        configHash: row.config_hash,
      };
      const again = await rewrapKey(keys.wrapper, to, place, row.wrapped);
      // A version that was erased or sealed anew meanwhile has no such wrap any more: the next round sees what is there.
      wrapped += await prisma.$executeRaw`
        INSERT INTO credential_wraps (secret_id, key_id, wrapped)
        SELECT secret_id, ${to.id}, ${new Uint8Array(again)} FROM credential_wraps
        WHERE secret_id = ${row.id}::uuid AND key_id = ${keys.wrapper.id} AND wrapped = ${row.wrapped}
        ON CONFLICT DO NOTHING`;
    }
  }
  const all = await prisma.credentialWrap.count({ where: { keyId: to.id } });
  await withTx(prisma, (tx) =>
    recordEvent(tx, keys, {
      type: 'credential.rewrapped',
      actor: auditActor(actor),
      detail: { keyId: to.id, keyIdBefore: keys.wrapper.id, wrapped },
    }),
  );
  return ok({ keyId: to.id, wrapped, already: all - wrapped });
}

type Row = {
  readonly id: string;
  readonly credential_id: string;
  readonly version: number;
  readonly server_id: string;
  readonly config_hash: string;
  readonly wrapped: Uint8Array;
};

function wrapForCurrent({ keys }: RewrapDeps, directory: string): void {
  // Only the first master key is the root itself; a later one has its wrapped root already.
  if (masterKeyId(keys.masterKey) === keys.wrapper.id) wrapDataRoot(directory, keys.masterKey, keys.masterKey);
}

/**
 * Ends the other master keys: their wraps go, and their way to the data root. Run with the new key in use. Refuses while any
 * secret has no wrap under the key in use, because that one would be lost.
 */
export async function finishRewrap(deps: RewrapDeps): Promise<Result<{ removed: number }, string>> {
  const { prisma, keys, dataDir, actor } = deps;
  const result = await withTx(prisma, async (tx): Promise<Result<{ removed: number }, string>> => {
    // Nobody stores a new secret under an old key between the count and the removal.
    await tx.$executeRaw`LOCK TABLE credential_wraps IN SHARE ROW EXCLUSIVE MODE`;
    const [row] = await tx.$queryRaw<{ missing: bigint }[]>`
      SELECT count(*) AS missing FROM credential_secrets s WHERE s.sealed IS NOT NULL
        AND NOT EXISTS (SELECT FROM credential_wraps w WHERE w.secret_id = s.id AND w.key_id = ${keys.wrapper.id})`;
    if (row === undefined || row.missing > 0n) {
      return err(
        `${row?.missing ?? 0n} secrets are not wrapped with the key in use: run rewrap with the old key again.`,
      );
    }
    const { count } = await tx.credentialWrap.deleteMany({ where: { keyId: { not: keys.wrapper.id } } });
    await recordEvent(tx, keys, {
      type: 'credential.rewrapped',
      actor: auditActor(actor),
      detail: { keyId: keys.wrapper.id, removed: count },
    });
    return ok({ removed: count });
  });
  if (result.ok) dropOtherRoots(join(dataDir, 'keys'), keys.wrapper.id);
  return result;
}
