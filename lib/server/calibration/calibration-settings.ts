// Server-only. Whether plants are made, and the sink that they name.
import type { CalibrationPatch } from '#lib/contracts/calibration.ts';
import type { Refusal } from '#lib/contracts/problems.ts';
import { SINK_TOOLS } from '#lib/core/calibration/patterns.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpConfig } from '../db/config-head.ts';
import { type ConfigDeps, type ConfigWrite, refuse, writeConfig } from '../db/config-write.ts';
import { registerServerIn } from '../servers/register-server.ts';

const DEFAULT_NAME = 'build-tools';
const DESCRIPTION = 'Build host and service account of the platform team.';

/** Whether the actor may see and steer calibration: security, an admin, or the operator at the host. */
export function maySteer(actor: ConfigActor): boolean {
  return actor.kind === 'operator' || actor.roles.includes('security') || actor.roles.includes('admin');
}

/**
 * Switches planting on or off, says how often, and what the sink is called.
 *
 * The sink is a server like any other to whoever looks at the registry: its tools are declared and it has no upstream. It
 * is made when planting is first switched on. The log says that planting changed and not what the sink is.
 */
export function changeCalibration(
  deps: ConfigDeps,
  actor: ConfigActor,
  patch: CalibrationPatch,
): Promise<Result<true, Refusal>> {
  return writeConfig(deps, actor, (write) => changeIn(write, patch), maySteer);
}

async function changeIn(write: ConfigWrite, patch: CalibrationPatch): Promise<Result<true, Refusal>> {
  const { tx, keys, actor } = write;
  await tx.$executeRaw`SELECT 1 FROM calibration_settings WHERE id = 1 FOR UPDATE`;
  const before = await tx.calibrationSettings.findUniqueOrThrow({ where: { id: 1 } });
  const enabled = patch.enabled ?? before.enabled;
  const perWeek = patch.perWeek ?? before.perWeek;
  const sink = await sinkAfter(write, before.serverId, enabled, patch.server);
  if (!sink.ok) return sink;
  if (enabled === before.enabled && perWeek === before.perWeek && patch.server === undefined) return ok(true);
  const who = auditActor(actor);
  await tx.$executeRaw`
    UPDATE calibration_settings SET enabled = ${enabled}, per_week = ${perWeek}, server_id = ${sink.value}::uuid,
      planned_until = CASE WHEN ${enabled} AND enabled THEN planned_until END,
      changed_by = ${who.name}, changed_at = clock_timestamp() WHERE id = 1`;
  await recordEvent(tx, keys, {
    type: 'calibration.changed',
    actor: who,
    detail: { enabled, enabledBefore: before.enabled, perWeek, perWeekBefore: before.perWeek },
  });
  return ok(true);
}

/** The sink's id: made if there is none and planting begins, renamed where another name is asked for. */
async function sinkAfter(
  write: ConfigWrite,
  id: string | null,
  enabled: boolean,
  name: string | undefined,
): Promise<Result<string | null, Refusal>> {
  if (id === null) {
    if (!enabled) return ok(null);
    const made = await registerServerIn(write, {
      transport: 'external',
      name: name ?? DEFAULT_NAME,
      tier: 'high',
      description: DESCRIPTION,
      tools: [...SINK_TOOLS],
    });
    return made.ok ? ok(made.value.id) : made;
  }
  if (name === undefined) return ok(id);
  const other = await write.tx.server.findUnique({ where: { name } });
  if (other?.id === id) return ok(id);
  if (other !== null) return refuse('name-taken', `There is already a server named ${name}.`);
  const now = await write.tx.server.findUniqueOrThrow({ where: { id } });
  await write.tx.server.update({ where: { id }, data: { name, updatedAt: write.now } });
  await recordEvent(write.tx, write.keys, {
    type: 'server.changed',
    actor: auditActor(write.actor),
    server: name,
    detail: { nameBefore: now.name },
  });
  await bumpConfig(write.tx, 'servers', id);
  return ok(id);
}
