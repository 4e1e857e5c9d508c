// Server-only.
import type { Overview } from '#lib/contracts/overview.ts';
import type { Database } from '../db/prisma.ts';
import type { Tx } from '../db/tx.ts';
import { databaseNow } from '../db/tx.ts';

/** What the first page shows, from the rows as they are now. Counts of calls lag by the sequencer's flush and the roll-up's. */
export async function readOverview(database: Database): Promise<Overview> {
  // Side by side: one after the other, a distant database would make the page wait for nine round trips.
  const [pending, last24h, servers, agents, log, setUp, redTeam, now] = await Promise.all([
    readPending(database),
    readDay(database),
    readServers(database),
    readAgents(database),
    readLog(database),
    readSetUp(database),
    readRedTeam(database),
    databaseNow(database),
  ]);
  return { pending, last24h, servers, agents, log, setUp, redTeam, serverTime: now.toISOString() };
}

async function readPending(tx: Tx): Promise<Overview['pending']> {
  const rows = await tx.$queryRaw<{ total: number; high: number; oldest: Date | null; soonest: Date | null }[]>`
    SELECT count(*)::int AS total, (count(*) FILTER (WHERE tier = 'high'))::int AS high,
      min(requested_at) AS oldest, min(expires_at) AS soonest
    FROM approval_requests WHERE status = 'pending' AND expires_at > clock_timestamp()
      AND agent_id <> ALL ((SELECT red_team_agent_ids())::uuid[])`;
  const row = rows[0];
  return {
    total: row?.total ?? 0,
    high: row?.high ?? 0,
    oldestRequestedAt: row?.oldest?.toISOString() ?? null,
    soonestExpiresAt: row?.soonest?.toISOString() ?? null,
  };
}

async function readDay(tx: Tx): Promise<Overview['last24h']> {
  const rows = await tx.$queryRaw<{ calls: number; allowed: number; held: number; denied: number }[]>`
    SELECT coalesce(sum(n) FILTER (WHERE kind IN ('ran', 'held', 'refused')), 0)::int AS calls,
      coalesce(sum(n) FILTER (WHERE kind IN ('ran', 'approved')), 0)::int AS allowed,
      coalesce(sum(n) FILTER (WHERE kind = 'held'), 0)::int AS held,
      coalesce(sum(n) FILTER (WHERE kind IN ('refused', 'denied', 'expired')), 0)::int AS denied
    FROM overview_hours WHERE hour > date_trunc('hour', clock_timestamp(), 'UTC') - interval '24 hours'`;
  // now(), not the running clock: only what stands still for the statement can be looked up in an index.
  const median = await tx.$queryRaw<{ median_s: number | null }[]>`
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM decided_at - requested_at))::float8 AS median_s
    FROM approval_requests WHERE decided_at > now() - interval '24 hours'
      AND call_id NOT IN (SELECT p.call_id FROM calibration_plants p WHERE p.judged_at IS NOT NULL)
      AND agent_id <> ALL ((SELECT red_team_agent_ids())::uuid[])`;
  const { calls = 0, allowed = 0, held = 0, denied = 0 } = rows[0] ?? {};
  return { calls, allowed, held, denied, medianDecisionS: median[0]?.median_s ?? null };
}

async function readServers(tx: Tx): Promise<Overview['servers']> {
  const byTier = await tx.$queryRaw<Overview['servers']['byTier']>`
    SELECT k.tier, count(DISTINCT s.id)::int AS servers, count(t.id) FILTER (WHERE t.pin_state = 'drifted')::int AS drifted,
      count(t.id) FILTER (WHERE t.pin_state = 'new')::int AS waiting
    FROM unnest(ARRAY['high', 'medium', 'low']) WITH ORDINALITY AS k (tier, place)
      LEFT JOIN servers s ON s.tier::text = k.tier AND s.status = 'active' AND s.id <> ALL ((SELECT red_team_server_ids())::uuid[])
        LEFT JOIN tools t ON t.server_id = s.id
    GROUP BY k.tier, k.place ORDER BY k.place`;
  const [off] = await tx.$queryRaw<{ n: number }[]>`
    SELECT count(*)::int AS n FROM servers WHERE status = 'disabled' AND id <> ALL ((SELECT red_team_server_ids())::uuid[])`;
  const disabled = off?.n ?? 0;
  const of = (tier: string) => byTier.find((row) => row.tier === tier)?.servers ?? 0;
  const sum = (name: 'drifted' | 'waiting') => byTier.reduce((all, row) => all + row[name], 0);
  return {
    low: of('low'),
    medium: of('medium'),
    high: of('high'),
    disabled,
    toolsWaiting: sum('waiting'),
    drifted: sum('drifted'),
    byTier,
  };
}

async function readAgents(tx: Tx): Promise<Overview['agents']> {
  const rows = await tx.$queryRaw<Overview['agents'][]>`
    SELECT (count(*) FILTER (WHERE status = 'active'))::int AS active,
      (count(*) FILTER (WHERE status = 'revoked'))::int AS revoked FROM agents
    WHERE id <> ALL ((SELECT red_team_agent_ids())::uuid[])`;
  return rows[0] ?? { active: 0, revoked: 0 };
}

async function readLog(tx: Tx): Promise<Overview['log']> {
  const rows = await tx.$queryRaw<{ size: bigint; waiting: number; last: Date | null }[]>`
    SELECT size, (SELECT count(*)::int FROM audit_inbox) AS waiting, (SELECT max(at) FROM audit_checkpoints) AS last
    FROM audit_head WHERE id = 1`;
  const row = rows[0];
  return {
    size: (row?.size ?? 0n).toString(),
    waiting: row?.waiting ?? 0,
    lastCheckpointAt: row?.last?.toISOString() ?? null,
  };
}

async function readSetUp(tx: Tx): Promise<Overview['setUp']> {
  const rows = await tx.$queryRaw<Overview['setUp'][]>`
    SELECT EXISTS (SELECT 1 FROM servers WHERE id <> ALL ((SELECT red_team_server_ids())::uuid[])) AS "hasServer",
      EXISTS (SELECT 1 FROM tools WHERE pin_state = 'accepted' AND server_id <> ALL ((SELECT red_team_server_ids())::uuid[])) AS "hasAcceptedTool",
      EXISTS (SELECT 1 FROM agents WHERE id <> ALL ((SELECT red_team_agent_ids())::uuid[])) AS "hasAgent",
      (EXISTS (SELECT 1 FROM overview_hours WHERE kind IN ('ran', 'refused'))
        OR EXISTS (SELECT 1 FROM approval_requests WHERE agent_id <> ALL ((SELECT red_team_agent_ids())::uuid[]))) AS "hasCall",
      EXISTS (SELECT 1 FROM votes) AS "hasVote"`;
  return rows[0] ?? { hasServer: false, hasAcceptedTool: false, hasAgent: false, hasCall: false, hasVote: false };
}

async function readRedTeam(tx: Tx): Promise<Overview['redTeam']> {
  const rows = await tx.$queryRaw<{ light: 'green' | 'amber' | 'red'; held: number; counted: number; at: Date }[]>`
    SELECT light, held, counted, finished_at AS at FROM red_team_runs
    WHERE state = 'finished' ORDER BY finished_at DESC LIMIT 1`;
  const [row] = rows;
  return row === undefined ? null : { ...row, at: row.at.toISOString() };
}
