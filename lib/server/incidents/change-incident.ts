// Server-only. What people do with an incident: take it, work on it, resolve it.
import type { Refusal } from '#lib/contracts/problems.ts';
import { auditActor, personIdOf } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { type MoveRefusal, resolve, take, workOn } from '#lib/core/incidents/moves.ts';
import { runbookOf } from '#lib/core/incidents/runbooks.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Database } from '../db/prisma.ts';
import { type Tx, withTx } from '../db/tx.ts';
import { findIncident, type IncidentRow } from './incident-rows.ts';
import { mayHandle } from './may-handle.ts';
import { ownIncidentBar } from './own-incident.ts';
import { recordIncident } from './record-incident.ts';

type Deps = { readonly prisma: Database };
type Changed = Result<{ readonly id: string }, Refusal>;

/** What people write of one incident is bounded, so that no script fills a table that is kept for ever. */
const MOST_NOTES = 500;

const SENTENCES: { readonly [R in MoveRefusal]: string } = {
  over: 'This incident is over.',
  taken: 'Somebody else has it: take it over if they are not at work on it.',
  'not-taken': 'Take it first: whoever resolves an incident has looked at it.',
  'needs-evidence': 'Only evidence closes this one: a green rerun, or a run that comes.',
};

/** Takes an incident: one person has it. Refuses one that somebody else has, unless told to take it over. */
export function acknowledgeIncident(
  deps: Deps,
  actor: ConfigActor,
  input: { readonly id: string; readonly takeOver: boolean },
): Promise<Changed> {
  return change(deps, actor, input.id, async (tx, row) => {
    const taken = take(row, personIdOf(actor), input.takeOver);
    if (!taken.ok) return refusal(taken.error);
    if (!taken.value.changes) return ok({ id: row.id });
    // When it was first taken is what a drill measures: a hand-over does not move it.
    await tx.$executeRaw`
      UPDATE incidents SET state = 'acknowledged', version = version + 1,
        acknowledged_at = coalesce(acknowledged_at, clock_timestamp()),
        acknowledged_by = ${personIdOf(actor)}::uuid, acknowledged_name = ${actor.name}
      WHERE id = ${row.id}::uuid`;
    await addEvent(tx, row, actor, { kind: 'acknowledged' });
    await recordIncident(tx, 'incident.acknowledged', next(row), auditActor(actor));
    return ok({ id: row.id });
  });
}

/**
 * Resolves an incident, with the reason. Refuses whoever does not have it, what only evidence ends, and whoever it is about:
 * nobody closes the book on what they did themselves, unless they are alone.
 */
export function resolveIncident(
  deps: Deps,
  actor: ConfigActor,
  input: { readonly id: string; readonly reason: string },
): Promise<Changed> {
  return change(deps, actor, input.id, async (tx, row) => {
    const may = resolve(row, personIdOf(actor));
    if (!may.ok) return refusal(may.error);
    const bar = await ownIncidentBar(tx, row, actor);
    if (bar !== null) return err({ code: 'second-person-needed', detail: bar });
    await tx.$executeRaw`
      UPDATE incidents SET state = 'resolved', version = version + 1, resolved_at = clock_timestamp(),
        resolved_by = ${personIdOf(actor)}::uuid, resolved_name = ${actor.name}, resolution = ${input.reason}
      WHERE id = ${row.id}::uuid`;
    await addEvent(tx, row, actor, { kind: 'resolved', words: input.reason });
    await recordIncident(tx, 'incident.resolved', next(row), auditActor(actor), { by: 'person' });
    return ok({ id: row.id });
  });
}

/** Writes something into the story of an incident. */
export function noteIncident(
  deps: Deps,
  actor: ConfigActor,
  input: { readonly id: string; readonly words: string },
): Promise<Changed> {
  return change(deps, actor, input.id, async (tx, row) => {
    const may = workOn(row);
    if (!may.ok) return refusal(may.error);
    const notes = await tx.incidentEvent.count({ where: { incidentId: row.id, kind: 'note' } });
    if (notes >= MOST_NOTES) return err({ code: 'conflict', detail: 'It has as many notes as there can be.' });
    await addEvent(tx, row, actor, { kind: 'note', words: input.words });
    await touch(tx, row);
    await recordIncident(tx, 'incident.noted', next(row), auditActor(actor));
    return ok({ id: row.id });
  });
}

/** Records that a step of the runbook was done; doing it twice is the same as once. Refuses a step that there is not. */
export function doStep(
  deps: Deps,
  actor: ConfigActor,
  input: { readonly id: string; readonly step: string },
): Promise<Changed> {
  return change(deps, actor, input.id, async (tx, row) => {
    const may = workOn(row);
    if (!may.ok) return refusal(may.error);
    const step = runbookOf(row.kind, {}, row.drill).find((one) => one.id === input.step);
    if (step === undefined) return err({ code: 'not-found', detail: 'Its runbook has no such step.' });
    const done = { incidentId: row.id, round: row.round, kind: 'step', step: step.id } as const;
    if ((await tx.incidentEvent.count({ where: done })) > 0) return ok({ id: row.id });
    await addEvent(tx, row, actor, { kind: 'step', step: step.id });
    await touch(tx, row);
    await recordIncident(tx, 'incident.step-done', next(row), auditActor(actor), { step: step.id });
    return ok({ id: row.id });
  });
}

/** Authorise, lock, decide; a refusal is returned before anything is written. */
function change(
  deps: Deps,
  actor: ConfigActor,
  id: string,
  decide: (tx: Tx, row: IncidentRow) => Promise<Changed>,
): Promise<Changed> {
  return withTx(deps.prisma, async (tx): Promise<Changed> => {
    if (!mayHandle(actor)) return err({ code: 'not-allowed', detail: 'Incidents need the role security or admin.' });
    const row = await findIncident(tx, id);
    return row === null ? err({ code: 'not-found', detail: 'There is no such incident.' }) : decide(tx, row);
  });
}

type Written = { readonly kind: string; readonly step?: string; readonly words?: string };

async function addEvent(tx: Tx, row: IncidentRow, actor: ConfigActor, written: Written): Promise<void> {
  const { id: incidentId, round } = row;
  await tx.incidentEvent.create({
    data: { incidentId, round, byId: personIdOf(actor), byName: actor.name, ...written },
  });
}

async function touch(tx: Tx, row: IncidentRow): Promise<void> {
  await tx.$executeRaw`UPDATE incidents SET version = version + 1 WHERE id = ${row.id}::uuid`;
}

const next = (row: IncidentRow) => ({ ...row, version: row.version + 1 });
const refusal = (why: MoveRefusal): Changed => err({ code: 'conflict', detail: SENTENCES[why] });
