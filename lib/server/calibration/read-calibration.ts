// Server-only. What security sees of calibration. No answer here tells of a plant that is not judged yet.
import type { Calibration, PlantView } from '#lib/contracts/calibration.ts';
import { patternOf } from '#lib/core/calibration/patterns.ts';
import { shareOf } from '#lib/core/statistics/interval.ts';
import type { Database } from '../db/prisma.ts';
import { databaseNow, type Tx } from '../db/tx.ts';
import { FIGURE_DAYS, readFigures } from './read-figures.ts';

const MOST_PLANTS = 100;
const UNKNOWN = 'This release does not know the pattern any more.';

/** Settings, everybody's figures, and the plants that were judged, newest first. Assumes a reader of security or admin. */
export async function readCalibration(database: Database): Promise<Calibration> {
  const [settings, people, plants, ahead, now] = await Promise.all([
    readSettings(database),
    readFigures(database, null),
    readPlants(database),
    database.calibrationPlant.count({ where: { judgedAt: null } }),
    databaseNow(database),
  ]);
  const hits = people.reduce((sum, one) => sum + one.plants.hits, 0);
  const of = people.reduce((sum, one) => sum + one.plants.of, 0);
  return {
    settings,
    people: [...people],
    overall: shareOf(hits, of),
    plants,
    ahead,
    days: FIGURE_DAYS,
    serverTime: now.toISOString(),
  };
}

async function readSettings(tx: Tx): Promise<Calibration['settings']> {
  const row = await tx.calibrationSettings.findUniqueOrThrow({ where: { id: 1 } });
  const server = row.serverId === null ? null : await tx.server.findUnique({ where: { id: row.serverId } });
  return {
    enabled: row.enabled,
    perWeek: row.perWeek,
    server: server?.name ?? null,
    changedBy: row.changedBy,
    changedAt: row.changedAt?.toISOString() ?? null,
  };
}

async function readPlants(tx: Tx): Promise<PlantView[]> {
  const plants = await judgedPlants(tx, null);
  const ids = plants.map(({ id }) => id);
  const votes = await tx.$queryRaw<
    { plant: string; person: string; name: string; caught: boolean; ms: number | null }[]
  >`
    SELECT c.plant_id::text AS plant, c.person_id::text AS person, p.name, c.caught, c.dwell_ms AS ms
    FROM calibration_results c JOIN people p ON p.id = c.person_id
    WHERE c.plant_id = ANY (${ids}::uuid[]) ORDER BY c.at, p.name`;
  return plants.map(({ caught: _, ...plant }) => ({
    ...plant,
    votes: votes
      .filter((vote) => vote.plant === plant.id)
      .map(({ person, name, caught, ms }) => ({
        personId: person,
        name,
        caught,
        dwellS: ms === null ? null : ms / 1000,
      })),
  }));
}

type PlantRow = {
  id: string;
  request: string | null;
  pattern: string;
  outcome: PlantView['outcome'];
  why: string | null;
  opened: Date | null;
  judged: Date;
  caught: boolean | null;
};
export type JudgedPlant = Omit<PlantView, 'votes'> & { readonly caught: boolean | null };

/** The newest judged plants; with a person only those that they voted on and were not told of yet. */
export async function judgedPlants(tx: Tx, untoldTo: string | null): Promise<readonly JudgedPlant[]> {
  const rows = await tx.$queryRaw<PlantRow[]>`
    SELECT p.id::text, r.id::text AS request, p.pattern, p.outcome, p.why, p.opened_at AS opened, p.judged_at AS judged, c.caught
    FROM calibration_plants p LEFT JOIN approval_requests r ON r.call_id = p.call_id
      LEFT JOIN calibration_results c ON c.plant_id = p.id AND c.person_id = ${untoldTo}::uuid
    WHERE p.judged_at IS NOT NULL AND (${untoldTo}::uuid IS NULL OR (c.plant_id IS NOT NULL AND c.seen_at IS NULL))
    ORDER BY p.judged_at DESC LIMIT ${MOST_PLANTS}`;
  return rows.map((row) => ({
    id: row.id,
    requestId: row.request,
    pattern: row.pattern,
    why: patternOf(row.pattern)?.why ?? UNKNOWN,
    outcome: row.outcome,
    voidBecause: row.outcome === 'void' ? (row.why ?? 'It was not decided by people.') : null,
    openedAt: row.opened?.toISOString() ?? null,
    judgedAt: row.judged.toISOString(),
    caught: row.caught,
  }));
}
