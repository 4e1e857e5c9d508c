// Server-only. Whether the red team runs by itself.
import type { Refusal } from '#lib/contracts/problems.ts';
import type { RedTeamPatch } from '#lib/contracts/red-team.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { type ConfigDeps, refuse, writeConfig } from '../db/config-write.ts';
import { mayAttack } from './ask-for-run.ts';

/** Switches the weekly run, and the one after a change, on or off. Switched on, the first comes at once. */
export function changeSchedule(
  deps: ConfigDeps,
  actor: ConfigActor,
  { enabled }: RedTeamPatch,
): Promise<Result<true, Refusal>> {
  return writeConfig(
    deps,
    actor,
    async ({ tx, keys, now }) => {
      await tx.$executeRaw`SELECT 1 FROM red_team_settings WHERE id = 1 FOR UPDATE`;
      const before = await tx.redTeamSettings.findUniqueOrThrow({ where: { id: 1 } });
      if (before.setUpAt === null) return refuse('conflict', 'The red team is not set up yet: an admin does that.');
      if (before.enabled === enabled) return ok(true);
      const who = auditActor(actor);
      await tx.redTeamSettings.update({
        where: { id: 1 },
        data: {
          enabled,
          changedBy: who.name,
          changedAt: now,
          ...(enabled ? { nextAt: now, scheduledSince: now } : {}),
        },
      });
      await recordEvent(tx, keys, { type: 'red-team.changed', actor: who, detail: { enabled } });
      return ok(true);
    },
    mayAttack,
  );
}
