// Server-only.
import type { Refusal } from '#lib/contracts/problems.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpConfig } from '../db/config-head.ts';
import { type ConfigDeps, writeConfig } from '../db/config-write.ts';

/** Takes an open invitation back: its link opens nothing any more. Refuses one that was used, is over or was never there. */
export function withdrawInvitation(deps: ConfigDeps, actor: ConfigActor, id: string): Promise<Result<null, Refusal>> {
  return writeConfig(deps, actor, async ({ tx, keys }) => {
    const rows = await tx.$queryRaw<{ email: string }[]>`
      UPDATE one_time_links SET used_at = clock_timestamp()
      WHERE id = ${id}::uuid AND kind = 'invite' AND used_at IS NULL AND expires_at > clock_timestamp()
      RETURNING email`;
    const row = rows[0];
    if (row === undefined) return err<Refusal>({ code: 'not-found' });
    await bumpConfig(tx, 'people', id);
    await recordEvent(tx, keys, {
      type: 'person.invitation-withdrawn',
      actor: auditActor(actor),
      detail: { email: row.email, link: id },
    });
    return ok(null);
  });
}
