// Server-only. What happens to credentials without anybody asking: ends, overlaps, rotations that broke off, reminders.
import { credentialConfigSchema } from '#lib/contracts/credentials.ts';
import { dueReminder } from '#lib/core/credentials/kinds.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpConfig } from '../db/config-head.ts';
import type { ConfigDeps } from '../db/config-write.ts';
import { databaseNow, type Tx, withTx } from '../db/tx.ts';
import { type FoundCredential, lockCredential } from './find-credential.ts';
import { goesOnWaiting } from './new-secret.ts';
import { eraseVersion } from './vault.ts';

const AT_ONCE = 50;

/**
 * One sweep, by the database's clock. Each credential is settled in its own transaction under its lock, so that any number of
 * workers may sweep, and one that is killed leaves nothing half done. Answers how many were touched.
 */
export async function sweepCredentials(deps: ConfigDeps): Promise<number> {
  const due = await deps.prisma.$queryRaw<{ id: string }[]>`
    SELECT c.id FROM credentials c WHERE c.retired_at IS NULL AND (
      (c.ends_at <= clock_timestamp() AND c.ended_at IS NULL)
      OR c.rotation_until <= clock_timestamp()
      OR (c.ends_at > clock_timestamp() AND c.ends_at <= clock_timestamp() + interval '14 days'
        AND coalesce(c.reminded_days, 1000) > CASE
          WHEN c.ends_at <= clock_timestamp() + interval '1 day' THEN 1
          WHEN c.ends_at <= clock_timestamp() + interval '7 days' THEN 7 ELSE 14 END)
      OR EXISTS (SELECT FROM credential_secrets s WHERE s.credential_id = c.id AND s.state = 'previous'
        AND s.not_after <= clock_timestamp()))
    ORDER BY c.id LIMIT ${AT_ONCE}`;
  for (const { id } of due) await withTx(deps.prisma, (tx) => settle(tx, deps, id));
  return due.length;
}

async function settle(tx: Tx, deps: ConfigDeps, id: string): Promise<void> {
  const found = await lockCredential(tx, id);
  if (found === null || found.retiredAt !== null) return;
  const now = await databaseNow(tx);
  const isOver = found.endsAt !== null && found.endsAt <= now;
  let changed = false;
  const tell = (type: Told, detail: Readonly<Record<string, string | number>>) => {
    changed = true;
    return record(tx, deps, found, type, detail);
  };
  if (isOver && found.endedAt === null) {
    await tx.credential.update({ where: { id }, data: { endedAt: now } });
    await tell('credential.ended', {});
  }
  for (const one of found.secrets) {
    if (one.state !== 'previous' || one.notAfter === null || one.notAfter > now) continue;
    await eraseVersion(tx, one.id);
    await tell('credential.version-retired', { version: one.version });
  }
  if (found.rotationUntil !== null && found.rotationUntil <= now) {
    // Whoever rotated is gone. What they had begun was never in use; the current secret is.
    const error = 'The rotation broke off.';
    for (const one of found.secrets) {
      if (one.state !== 'next') continue;
      if (!goesOnWaiting(credentialConfigSchema.parse(found.config), one)) await eraseVersion(tx, one.id);
      await tell('credential.rotation-failed', { version: one.version, error });
    }
    await tx.credential.update({
      where: { id },
      data: { rotationId: null, rotationUntil: null, rotationError: error },
    });
    changed = true;
  }
  const days = dueReminder(found.endsAt?.getTime() ?? null, now.getTime(), found.remindedDays);
  if (days !== null) {
    await tx.credential.update({ where: { id }, data: { remindedDays: days } });
    await tell('credential.reminded', { days, endsAt: found.endsAt?.toISOString() ?? '' });
  }
  if (changed) await bumpConfig(tx, 'credentials', id);
}

type Told = 'credential.ended' | 'credential.version-retired' | 'credential.rotation-failed' | 'credential.reminded';

function record(
  tx: Tx,
  { keys }: ConfigDeps,
  found: FoundCredential,
  type: Told,
  detail: Readonly<Record<string, string | number>>,
): Promise<string> {
  const { name, server } = found;
  return recordEvent(tx, keys, { type, actor: auditActor('system'), server: server.name, detail: { name, ...detail } });
}
