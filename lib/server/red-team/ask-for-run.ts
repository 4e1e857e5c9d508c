// Server-only. A run is asked for; the worker plays it.
import { randomUUIDv7 } from 'node:crypto';
import type { Refusal } from '#lib/contracts/problems.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { type ConfigDeps, refuse, writeConfig } from '../db/config-write.ts';
import { withTx } from '../db/tx.ts';

/** Whether the actor may run the red team: security, an admin, or the operator at the host. */
export function mayAttack(actor: ConfigActor): boolean {
  return actor.kind === 'operator' || actor.roles.includes('security') || actor.roles.includes('admin');
}

/** Asks for a run now. Refuses before the set-up, and while another one is open: one at a time. */
export async function askForRun(deps: ConfigDeps, actor: ConfigActor): Promise<Result<{ id: string }, Refusal>> {
  return writeConfig(
    deps,
    actor,
    async ({ tx, keys }) => {
      // The row's lock makes two who ask together take turns; the index would only throw.
      await tx.$executeRaw`SELECT 1 FROM red_team_settings WHERE id = 1 FOR UPDATE`;
      const settings = await tx.redTeamSettings.findUniqueOrThrow({ where: { id: 1 } });
      if (settings.setUpAt === null) return refuse('conflict', 'The red team is not set up yet: an admin does that.');
      const open = await tx.redTeamRun.findFirst({ where: { finishedAt: null } });
      if (open !== null) return refuse('conflict', 'A run is under way. One at a time.');
      const id = randomUUIDv7();
      const who = auditActor(actor);
      await tx.redTeamRun.create({ data: { id, state: 'waiting', cause: 'person', askedBy: who.name } });
      await recordEvent(tx, keys, { type: 'red-team.asked', actor: who, detail: { run: id } });
      return ok({ id });
    },
    mayAttack,
  );
}

/** Asks in the name of the schedule, unless a run is open. A weekly one moves the next by a week from now. */
export function scheduleRun({ prisma }: Pick<ConfigDeps, 'prisma'>, cause: 'schedule' | 'change'): Promise<boolean> {
  return withTx(prisma, async (tx) => {
    await tx.$executeRaw`SELECT 1 FROM red_team_settings WHERE id = 1 FOR UPDATE`;
    const open = await tx.redTeamRun.findFirst({ where: { finishedAt: null } });
    const settings = await tx.redTeamSettings.findUniqueOrThrow({ where: { id: 1 } });
    if (open !== null || !settings.enabled) return false;
    await tx.redTeamRun.create({ data: { id: randomUUIDv7(), state: 'waiting', cause, askedBy: 'countersign' } });
    if (cause === 'schedule') {
      await tx.$executeRaw`
        UPDATE red_team_settings SET next_at = clock_timestamp() + interval '7 days'
        WHERE id = 1 AND next_at <= clock_timestamp()`;
    }
    return true;
  });
}
