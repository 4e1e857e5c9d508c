// Server-only.
import type { z } from 'zod';
import type { observedSchema } from '#lib/contracts/policies.ts';
import { databaseNow, type Tx } from '../db/tx.ts';
import { readInForce } from './policy-rows.ts';

const DAYS = 30;

type Row = { scope: string; would_hold: number; would_deny: number; last_at: Date };

/**
 * What rules, servers and controls in observe would have done in the last 30 days, by scope. What is in observe now is
 * listed also when it met no call: zero is an answer too.
 */
export async function readObserved(tx: Tx): Promise<z.infer<typeof observedSchema>> {
  const now = await databaseNow(tx);
  const since = new Date(now.getTime() - DAYS * 86_400_000);
  const rows = await tx.$queryRaw<Row[]>`
    SELECT coalesce(entry::jsonb -> 'detail' ->> 'scope', '?') AS scope,
      count(*) FILTER (WHERE decision = 'observed-hold')::int AS would_hold,
      count(*) FILTER (WHERE decision = 'observed-deny')::int AS would_deny, max(at) AS last_at
    FROM audit_entries
    WHERE type = 'call.intent' AND decision IN ('observed-hold', 'observed-deny') AND at >= ${since}
    GROUP BY 1 ORDER BY count(*) DESC, 1`;
  const items = rows.map((row) => ({
    scope: row.scope,
    wouldHold: row.would_hold,
    wouldDeny: row.would_deny,
    lastAt: row.last_at.toISOString(),
  }));
  const counted = new Set(items.map((item) => item.scope));
  const quiet = (await scopesInObserve(tx, now))
    .filter((scope) => !counted.has(scope))
    .map((scope) => ({ scope, wouldHold: 0, wouldDeny: 0, lastAt: null }));
  return { since: since.toISOString(), items: [...items, ...quiet] };
}

async function scopesInObserve(tx: Tx, now: Date): Promise<readonly string[]> {
  const windows = await tx.observeWindow.findMany({
    where: { startsAt: { lte: now }, endsAt: { gt: now }, endedAt: null },
    select: { scope: true },
    orderBy: { startsAt: 'asc' },
  });
  const { rules } = await readInForce(tx);
  const observing = rules.filter((rule) => rule.mode === 'observe' && Date.parse(rule.observeUntil ?? '') > +now);
  return [...new Set([...windows.map((row) => row.scope), ...observing.map((rule) => `rule:${rule.name}`)])];
}
