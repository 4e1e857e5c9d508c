// Server-only. What is held about the person who asks; nobody else's.
import type { OwnCalibration } from '#lib/contracts/calibration.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import type { Database } from '../db/prisma.ts';
import { databaseNow } from '../db/tx.ts';
import { judgedPlants } from './read-calibration.ts';
import { FIGURE_DAYS, readFigures } from './read-figures.ts';

/** One's own figures, the same that security sees, and the judged plants one has not been told of. */
export async function readOwnCalibration(database: Database, reader: HumanPrincipal): Promise<OwnCalibration> {
  const [figures, untold, settings, now] = await Promise.all([
    readFigures(database, reader.id),
    judgedPlants(database, reader.id),
    database.calibrationSettings.findUniqueOrThrow({ where: { id: 1 } }),
    databaseNow(database),
  ]);
  return {
    figures: figures[0] ?? null,
    untold: untold.map((plant) => ({ ...plant, caught: plant.caught === true })),
    enabled: settings.enabled,
    days: FIGURE_DAYS,
    serverTime: now.toISOString(),
  };
}

/** Keeps that the explanations were read. Another person's are not touched, and naming one changes nothing. */
export async function noteTold(database: Database, reader: HumanPrincipal, plantIds: readonly string[]): Promise<void> {
  await database.$executeRaw`
    UPDATE calibration_results SET seen_at = clock_timestamp()
    WHERE person_id = ${reader.id}::uuid AND plant_id = ANY (${[...plantIds]}::uuid[]) AND seen_at IS NULL`;
}
