import type { EgressHours } from '#lib/contracts/egress.ts';
import type { Database } from '../db/prisma.ts';

/** Refused connections by hour over the last day, silent hours as zeros. The day is bounded, so the log's size does not matter. */
export async function readBlockedHours(database: Database): Promise<EgressHours> {
  const rows = await database.$queryRaw<{ hour: Date; denied: number }[]>`
    SELECT h.hour, count(e.seq)::int AS denied
    FROM generate_series(date_trunc('hour', clock_timestamp()) - interval '23 hours',
                         date_trunc('hour', clock_timestamp()), interval '1 hour') AS h (hour)
    LEFT JOIN audit_entries e ON e.type = 'egress.denied' AND e.at >= h.hour AND e.at < h.hour + interval '1 hour'
    GROUP BY h.hour ORDER BY h.hour`;
  return { items: rows.map(({ hour, denied }) => ({ hour: hour.toISOString(), denied })) };
}
