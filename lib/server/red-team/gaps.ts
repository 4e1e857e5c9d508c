// Server-only. A gap that is known and accepted: by an admin, for a reason, until a day.
import { randomUUIDv7 } from 'node:crypto';
import type { Refusal } from '#lib/contracts/problems.ts';
import type { GapBody } from '#lib/contracts/red-team.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { scenarioOf } from '#lib/core/red-team/catalogue.ts';
import { MOST_GAP_DAYS } from '#lib/core/red-team/schedule.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { type ConfigDeps, refuse, writeConfig } from '../db/config-write.ts';

const DAY_MS = 86_400_000;

/**
 * Accepts that a scenario gets through, from the next run on: it is then shown as a known gap and raises no incident. One
 * that is accepted already is accepted anew. Refuses a scenario that is not there, and more than ninety days.
 */
export function acceptGap(deps: ConfigDeps, actor: ConfigActor, body: GapBody): Promise<Result<true, Refusal>> {
  return writeConfig(deps, actor, async ({ tx, keys, now }) => {
    const { scenario, reason, days } = body;
    if (scenarioOf(scenario) === undefined) return refuse('not-found', 'There is no such scenario.');
    if (days > MOST_GAP_DAYS) return refuse('invalid-request', `A gap is accepted for ${MOST_GAP_DAYS} days at most.`);
    const who = auditActor(actor);
    await tx.$executeRaw`SELECT 1 FROM red_team_settings WHERE id = 1 FOR UPDATE`;
    await tx.redTeamGap.updateMany({ where: { scenario, endedAt: null }, data: { endedAt: now, endedBy: who.name } });
    const until = new Date(now.getTime() + days * DAY_MS);
    const id = randomUUIDv7();
    await tx.redTeamGap.create({ data: { id, scenario, reason, acceptedBy: who.name, acceptedAt: now, until } });
    await recordEvent(tx, keys, {
      type: 'red-team.gap-accepted',
      actor: who,
      detail: { gap: id, scenario, reason, until: until.toISOString() },
    });
    return ok(true);
  });
}

/** Accepts it no longer. */
export function endGap(deps: ConfigDeps, actor: ConfigActor, id: string): Promise<Result<true, Refusal>> {
  return writeConfig(deps, actor, async ({ tx, keys, now }) => {
    const who = auditActor(actor);
    const gap = await tx.redTeamGap.findUnique({ where: { id } });
    const ended = await tx.redTeamGap.updateMany({
      where: { id, endedAt: null },
      data: { endedAt: now, endedBy: who.name },
    });
    if (gap === null || ended.count === 0) return refuse('not-found', 'There is no such accepted gap.');
    await recordEvent(tx, keys, {
      type: 'red-team.gap-ended',
      actor: who,
      detail: { gap: id, scenario: gap.scenario },
    });
    return ok(true);
  });
}
