import type { Refusal } from '#lib/contracts/problems.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpConfig } from '../db/config-head.ts';
import { type ConfigDeps, refuse, writeConfig } from '../db/config-write.ts';

/** Takes a destination off the allowlist; open connections to it end with the next verdict. Twice is the same as once. */
export function removeEgressEntry(
  deps: ConfigDeps,
  actor: ConfigActor,
  id: string,
): Promise<Result<{ id: string }, Refusal>> {
  return writeConfig(deps, actor, async ({ tx, keys, now }) => {
    await tx.$queryRaw`SELECT id FROM egress_entries WHERE id = ${id}::uuid FOR UPDATE`;
    const row = await tx.egressEntry.findUnique({ where: { id } });
    if (row === null) return refuse('not-found', 'There is no such entry.');
    if (row.revokedAt !== null) return ok({ id });
    await tx.egressEntry.update({ where: { id }, data: { revokedAt: now } });
    await recordEvent(tx, keys, {
      type: 'egress.removed',
      actor: auditActor(actor),
      detail: {
        identity: row.identity,
        scheme: row.scheme,
        host: row.host,
        port: row.port,
        pathPrefix: row.pathPrefix,
        cidr: row.cidr,
      },
    });
    await bumpConfig(tx, 'egress', id);
    return ok({ id });
  });
}
