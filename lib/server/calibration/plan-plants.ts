// Server-only. Which plants come when: decided ahead and committed to in the log, told to nobody.
import { randomBytes, randomInt, randomUUIDv7 } from 'node:crypto';
import type { Refusal } from '#lib/contracts/problems.ts';
import { commitmentOf } from '#lib/core/calibration/commitment.ts';
import { PATTERNS } from '#lib/core/calibration/patterns.ts';
import { callIdAt, plantTimes } from '#lib/core/calibration/schedule.ts';
import { type AuditActor, auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { type EventKeys, recordEvent } from '../audit/record-event.ts';
import { nativeSha256Hex } from '../calls/native-hash.ts';
import { type ConfigDeps, refuse, writeConfig } from '../db/config-write.ts';
import type { Database } from '../db/prisma.ts';
import { type Tx, withTx } from '../db/tx.ts';
import { maySteer } from './calibration-settings.ts';

const AHEAD_MS = 86_400_000;

/** A number that nobody can guess, from 0 up to 1: who knows when a plant comes is not tested by it. */
const random = () => randomInt(2 ** 32) / 2 ** 32;

/** Plans the plants of the next day, once for each moment however many workers run, and returns how many. */
export function planPlants(database: Database, keys: EventKeys): Promise<number> {
  return withTx(database, async (tx) => {
    const [row] = await tx.$queryRaw<{ per_week: number; until: Date | null; now: Date }[]>`
      SELECT per_week, planned_until AS until, clock_timestamp() AS now
      FROM calibration_settings WHERE id = 1 AND enabled FOR UPDATE`;
    if (row === undefined) return 0;
    const fromMs = Math.max(row.now.getTime(), row.until?.getTime() ?? 0);
    const untilMs = row.now.getTime() + AHEAD_MS;
    // A day at a time: a commitment every minute would tell when the next one comes.
    if (untilMs - fromMs < AHEAD_MS / 2) return 0;
    const times = plantTimes(fromMs, untilMs, row.per_week, random);
    for (const dueMs of times) await planOne(tx, keys, { dueMs, by: 'schedule', actor: auditActor('system') });
    await tx.$executeRaw`UPDATE calibration_settings SET planned_until = ${new Date(untilMs)} WHERE id = 1`;
    return times.length;
  });
}

/**
 * Plans one more plant, at a random moment within some minutes; also while the schedule is off, but not before there is a
 * sink. Whoever asks for it is told no more than that it will come.
 */
export function plantSoon(
  deps: ConfigDeps,
  actor: ConfigActor,
  withinMinutes: number,
): Promise<Result<{ readonly ahead: number }, Refusal>> {
  return writeConfig(
    deps,
    actor,
    async ({ tx, keys, now }) => {
      const settings = await tx.calibrationSettings.findUniqueOrThrow({ where: { id: 1 } });
      if (!settings.enabled || settings.serverId === null) {
        return refuse('conflict', 'Planting is off. Switch it on first: countersign calibration on, or the page.');
      }
      const dueMs = now.getTime() + Math.floor(random() * withinMinutes * 60_000);
      const who = auditActor(actor);
      await planOne(tx, keys, { dueMs, by: who.name, actor: who });
      return ok({ ahead: await tx.calibrationPlant.count({ where: { judgedAt: null } }) });
    },
    maySteer,
  );
}

type Planned = { readonly dueMs: number; readonly by: string; readonly actor: AuditActor };

async function planOne(tx: Tx, keys: EventKeys, { dueMs, by, actor }: Planned): Promise<void> {
  const plant = randomUUIDv7();
  const callId = callIdAt(dueMs, randomBytes(10));
  const pattern = PATTERNS[randomInt(PATTERNS.length)]?.id ?? PATTERNS[0].id;
  const nonce = randomBytes(24).toString('base64url');
  const commitment = commitmentOf({ plant, callId, pattern, nonce }, nativeSha256Hex);
  await tx.calibrationPlant.create({
    data: { id: plant, callId, pattern, nonce, commitment, plantedBy: by, dueAt: new Date(dueMs) },
  });
  await recordEvent(tx, keys, { type: 'calibration.planted', actor, detail: { plant, commitment } });
}
