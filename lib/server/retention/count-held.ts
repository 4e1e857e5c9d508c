// Server-only.
import type { Retention } from '#lib/contracts/settings.ts';
import type { Tx } from '../db/tx.ts';
import { ENDED } from './erase-due.ts';

/** Counting stops here: a page must not read a hundred million rows to say "many". */
const MOST_COUNTED = 100_000;

type Held = Retention['held'];

/** The sealed payloads and finished requests with arguments there are; with `before`, only those older than that. */
export async function countHeld(tx: Pick<Tx, '$queryRaw'>, before: Date | null = null): Promise<Held> {
  const [payloads] = await tx.$queryRaw<
    { rows: number; bytes: bigint; oldest: Date | null; newest: Date | null }[]
  >`SELECT count(*)::int AS rows, coalesce(sum(octet_length(payload)), 0)::bigint AS bytes,
      min(created_at) AS oldest, max(created_at) AS newest
    FROM (SELECT payload, created_at FROM audit_payloads
      WHERE created_at < coalesce(${before}::timestamptz, 'infinity') LIMIT ${MOST_COUNTED}) AS counted`;
  const [requests] = await tx.$queryRaw<{ rows: number; bytes: bigint }[]>`
    SELECT count(*)::int AS rows, coalesce(sum(bytes), 0)::bigint AS bytes
    FROM (SELECT octet_length(args_sealed) AS bytes FROM approval_requests
      WHERE args_erased_at IS NULL AND status::text = ANY (${[...ENDED]})
        AND requested_at < coalesce(${before}::timestamptz, 'infinity') LIMIT ${MOST_COUNTED}) AS counted`;
  return {
    payloads: payloads?.rows ?? 0,
    requests: requests?.rows ?? 0,
    bytes: Number((payloads?.bytes ?? 0n) + (requests?.bytes ?? 0n)),
    oldestAt: payloads?.oldest?.toISOString() ?? null,
    newestAt: payloads?.newest?.toISOString() ?? null,
    more: payloads?.rows === MOST_COUNTED || requests?.rows === MOST_COUNTED,
  };
}
