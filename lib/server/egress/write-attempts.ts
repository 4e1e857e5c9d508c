import { randomUUIDv7 } from 'node:crypto';
import type { EgressVerdict } from '#lib/contracts/egress-attempts.ts';
import { recordEvent } from '../audit/record-event.ts';
import { withTx } from '../db/tx.ts';
import type { AttemptBookDeps } from './record-attempt.ts';

/** What happened at one destination since the last time it was written. */
export type CountedAttempt = {
  readonly identity: string;
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  readonly verdict: EgressVerdict;
  reason: string | null;
  count: number;
  bytesOut: number;
  bytesIn: number;
};

type Written = CountedAttempt & { readonly is_due: boolean };

/** An agent that invents host names must not fill the log either; the rest is told as a number. */
const MOST_EVENTS = 100;

/**
 * Adds the counts to the rows of their destinations and records the refusals that are due: the first in a minute per
 * destination, over all gateways, by the database's clock. One transaction: no count without its event.
 */
export async function writeAttempts(
  { prisma, keys }: Pick<AttemptBookDeps, 'prisma' | 'keys'>,
  batch: readonly CountedAttempt[],
): Promise<void> {
  // One order everywhere, so that two gateways never wait for each other in a circle.
  const sorted = batch.toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  const rows = JSON.stringify(sorted.map((attempt) => ({ ...attempt, id: randomUUIDv7() })));
  await withTx(prisma, async (tx) => {
    const written = await tx.$queryRaw<Written[]>`
      INSERT INTO egress_attempts AS e (id, identity, scheme, host, port, verdict, first_seen, last_seen, count,
        bytes_out, bytes_in, last_reason, recorded_at)
      SELECT r.id, r.identity, r.scheme, r.host, r.port, r.verdict, t.now, t.now, r.count, r."bytesOut", r."bytesIn",
        r.reason, CASE WHEN r.verdict = 'denied' THEN t.now END
      FROM jsonb_to_recordset(${rows}::jsonb) AS r(id uuid, identity text, scheme text, host text, port int,
        verdict text, count bigint, "bytesOut" bigint, "bytesIn" bigint, reason text),
        (SELECT date_trunc('milliseconds', now()) AS now) t
      ON CONFLICT (identity, scheme, host, port, verdict) DO UPDATE SET
        last_seen = greatest(e.last_seen, EXCLUDED.last_seen),
        count = e.count + EXCLUDED.count,
        bytes_out = e.bytes_out + EXCLUDED.bytes_out,
        bytes_in = e.bytes_in + EXCLUDED.bytes_in,
        last_reason = coalesce(EXCLUDED.last_reason, e.last_reason),
        recorded_at = CASE WHEN e.recorded_at > EXCLUDED.last_seen - interval '1 minute' THEN e.recorded_at
          ELSE EXCLUDED.recorded_at END
      RETURNING identity, scheme, host, port, verdict, last_reason AS reason, count::float8,
        verdict = 'denied' AND recorded_at IS NOT DISTINCT FROM date_trunc('milliseconds', now()) AS is_due`;
    const due = written.filter((row) => row.is_due);
    for (const row of due.slice(0, MOST_EVENTS)) await recordEvent(tx, keys, deniedEvent(row));
    if (due.length > MOST_EVENTS) {
      await recordEvent(tx, keys, {
        type: 'egress.denied',
        actor: { type: 'system', id: 'egress', name: 'egress' },
        detail: { identity: 'several', host: `${due.length - MOST_EVENTS} more destinations` },
      });
    }
  });
}

function deniedEvent({ identity, scheme, host, port, reason, count }: CountedAttempt) {
  const [kind = '', name = ''] = identity.split(':');
  return {
    type: 'egress.denied',
    actor: { type: 'system', id: 'egress', name: 'egress' },
    ...(kind === 'agent' ? { agent: name } : {}),
    ...(kind === 'server' ? { server: name } : {}),
    decision: 'deny',
    code: 'egress-denied',
    detail: { identity, scheme, host, port, reason, count },
  } as const;
}

function orderOf({ identity, scheme, host, port, verdict }: CountedAttempt): string {
  return JSON.stringify([identity, scheme, host, port, verdict]);
}
