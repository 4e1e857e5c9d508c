// Server-only. The installation's keys as people may see them: names, ages and fingerprints.
import type { InstallationKeys } from '#lib/contracts/settings.ts';
import { isBelieved, SIGNS_FOR_MS, signingKeyAt } from '#lib/core/identity/signing-schedule.ts';
import { databaseNow, type Tx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';

const DAY_MS = 86_400_000;

/** Reads the log key's public half and age, the token-signing keys with what comes next, and how far a re-wrap got. */
export async function readKeys(
  tx: Tx,
  keys: { readonly logSigning: Pick<Keys['logSigning'], 'vkey' | 'origin'>; readonly wrapper: { readonly id: string } },
): Promise<InstallationKeys> {
  const now = await databaseNow(tx);
  const [log, signing, master] = await Promise.all([
    readLogTimes(tx),
    readSigning(tx, now),
    readMaster(tx, keys.wrapper.id),
  ]);
  return {
    log: { origin: keys.logSigning.origin, vkey: keys.logSigning.vkey, ...log },
    signing,
    master,
    serverTime: now.toISOString(),
  };
}

async function readLogTimes(tx: Tx): Promise<Pick<InstallationKeys['log'], 'firstSignedAt' | 'lastSignedAt'>> {
  const [row] = await tx.$queryRaw<{ first: Date | null; last: Date | null }[]>`
    SELECT (SELECT at FROM audit_checkpoints ORDER BY size, at LIMIT 1) AS first,
      (SELECT at FROM audit_checkpoints ORDER BY size DESC, at DESC LIMIT 1) AS last`;
  return { firstSignedAt: row?.first?.toISOString() ?? null, lastSignedAt: row?.last?.toISOString() ?? null };
}

async function readSigning(tx: Tx, now: Date): Promise<InstallationKeys['signing']> {
  const rows = await tx.signingKey.findMany({ orderBy: { signsFrom: 'desc' } });
  const nowMs = now.getTime();
  const known = rows
    .map((row) => ({
      row,
      kid: row.kid,
      signsFromMs: row.signsFrom.getTime(),
      retiresAtMs: row.retiresAt?.getTime() ?? null,
    }))
    .filter((key) => isBelieved(key, nowMs));
  const current = signingKeyAt(known, nowMs);
  const next = known.find((key) => key.signsFromMs > nowMs);
  const rotationMs = next?.signsFromMs ?? (current === null ? null : current.signsFromMs + SIGNS_FOR_MS);
  return {
    items: known.map(({ row, kid, signsFromMs }) => ({
      kid,
      state: signsFromMs > nowMs ? 'next' : kid === current?.kid ? 'signing' : 'believed',
      publishedAt: row.createdAt.toISOString(),
      signsFrom: row.signsFrom.toISOString(),
      retiresAt: row.retiresAt?.toISOString() ?? null,
    })),
    signsForDays: SIGNS_FOR_MS / DAY_MS,
    nextRotationAt: rotationMs === null ? null : new Date(rotationMs).toISOString(),
  };
}

async function readMaster(tx: Tx, fingerprint: string): Promise<InstallationKeys['master']> {
  const [secrets, wraps] = await Promise.all([
    tx.credentialSecret.count({ where: { sealed: { not: null } } }),
    tx.credentialWrap.groupBy({ by: ['keyId'], _count: { _all: true }, orderBy: { keyId: 'asc' } }),
  ]);
  const counts = wraps.map((wrap) => ({ fingerprint: wrap.keyId, wrapped: wrap._count._all }));
  return {
    fingerprint,
    secrets,
    wrapped: counts.find((count) => count.fingerprint === fingerprint)?.wrapped ?? 0,
    others: counts.filter((count) => count.fingerprint !== fingerprint),
  };
}
