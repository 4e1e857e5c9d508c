// Server-only.
import type { Refusal } from '#lib/contracts/problems.ts';
import { auditActor, personIdOf } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpConfig } from '../db/config-head.ts';
import type { ConfigDeps } from '../db/config-write.ts';
import { notify } from '../db/listen.ts';
import { type Tx, withTx } from '../db/tx.ts';
import { readSeparation, type Separation } from '../people/read-separation.ts';
import { isSameHuman } from '../people/same-human.ts';
import { lockPolicies } from '../policies/lock-policies.ts';
import { judgeScope } from './judge-scope.ts';
import {
  CONFIRMABLE_S,
  lockObserve,
  mayObserve,
  OBSERVE_ROLES,
  readWindow,
  SOLO_WAIT_S,
  type WindowRow,
} from './observe-window.ts';

/**
 * Confirms a window as the second person: from now on, for its minutes, calls pass and are counted.
 *
 * Refuses whoever opened it (alone then and alone now, that person must have proven the password after opening and waited a
 * minute), one whose opener lost the role since, one that waited for a day, and one that by now would be refused.
 */
export function confirmWindow(
  deps: ConfigDeps,
  actor: ConfigActor,
  id: string,
): Promise<Result<{ readonly endsAt: Date }, Refusal>> {
  return withTx(deps.prisma, async (tx): Promise<Result<{ readonly endsAt: Date }, Refusal>> => {
    if (!mayObserve(actor)) return err({ code: 'not-allowed', detail: 'Observe needs the role admin or security.' });
    // First this lock, as publishing does: a rule must not change between this look at it and the start.
    await lockPolicies(tx);
    await lockObserve(tx);
    const row = await readWindow(tx, id);
    if (row === null) return err({ code: 'not-found' });
    if (row.starts_at !== null) return err({ code: 'conflict', detail: 'It was confirmed already.' });
    if (row.ended_at !== null) return err({ code: 'conflict', detail: 'It was given up.' });
    if (row.now.getTime() - row.opened_at.getTime() >= CONFIRMABLE_S * 1000) {
      return err({ code: 'conflict', detail: 'It waited for more than a day; open a new one.' });
    }
    if (!(await openerStillMay(tx, row))) {
      return err({ code: 'conflict', detail: 'Who opened it may not any more; open a new one.' });
    }
    const separation = await readSeparation(tx);
    const second = await judgeSecond(tx, actor, row, separation);
    if (!second.ok) return second;
    const judged = await judgeScope(tx, row.scope, row.minutes);
    if (!judged.ok) return judged;
    if (judged.value.ruleHash !== row.rule_hash) {
      return err({ code: 'conflict', detail: 'The rule was changed since; open a new one.' });
    }
    const started = await tx.$queryRaw<{ ends_at: Date }[]>`
      UPDATE observe_windows w SET confirmed_by = ${personIdOf(actor)}::uuid, starts_at = t.now,
        ends_at = t.now + make_interval(mins => w.minutes)
      FROM (SELECT clock_timestamp() AS now) t
      WHERE w.id = ${id}::uuid AND w.starts_at IS NULL AND w.ended_at IS NULL RETURNING w.ends_at`;
    const endsAt = started[0]?.ends_at;
    if (endsAt === undefined) throw new Error('The window changed under its lock.');
    await recordEvent(tx, deps.keys, {
      type: 'observe.started',
      actor: auditActor(actor),
      separation,
      detail: { window: id, scope: row.scope, until: endsAt.toISOString(), openedBy: row.opened_by ?? 'operator' },
    });
    await bumpConfig(tx, 'policies', id);
    await notify(tx, 'cs_exception', { kind: 'observe', id });
    return ok({ endsAt });
  });
}

async function judgeSecond(
  tx: Tx,
  actor: ConfigActor,
  row: WindowRow,
  separation: Separation,
): Promise<Result<true, Refusal>> {
  if (!(await isSameHuman(tx, row.opened_by, personIdOf(actor)))) return ok(true);
  // Solo at both ends: otherwise whoever locks the others out for a moment is alone.
  if (separation === 'full' || !row.opened_solo) return err({ code: 'second-person-needed' });
  const waitUntil = new Date(row.opened_at.getTime() + SOLO_WAIT_S * 1000);
  if (row.now < waitUntil) return err({ code: 'too-early', detail: `Possible from ${waitUntil.toISOString()}.` });
  if (actor.kind === 'human' && actor.reauthAt <= row.opened_at) {
    return err({ code: 'step-up-required', detail: 'Enter your password to confirm.' });
  }
  return ok(true);
}

/** Whoever opened counts as one of the two people only while they still hold the role. */
async function openerStillMay(tx: Tx, row: WindowRow): Promise<boolean> {
  if (row.opened_by === null) return true;
  const opener = await tx.person.findUnique({ where: { id: row.opened_by } });
  return opener?.status === 'active' && OBSERVE_ROLES.some((role) => opener.roles.includes(role));
}
