// Server-only. What the steps are judged by: counts over rows, hourly sums and the heads of the log, never the log itself.

import { LISTED_HOST } from '#lib/core/red-team/sink.ts';
import type { RolloutFacts, RolloutWindow } from '#lib/core/rollout/facts.ts';
import { INBOX_BEHIND } from '#lib/core/rollout/week-1.ts';
import { SECRET_DAYS } from '#lib/core/rollout/week-3.ts';
import type { Database } from '../db/prisma.ts';
import type { Tx } from '../db/tx.ts';
import { readInForce } from '../policies/policy-rows.ts';
import { readCallFacts } from './read-call-facts.ts';

/** Side by side: one after the other, a distant database would make the page wait for all of them. */
export async function readFacts(
  database: Database,
  windows: readonly RolloutWindow[],
  now: Date,
): Promise<RolloutFacts> {
  const [registry, agents, calls, head, house, reach, policy, redTeam] = await Promise.all([
    readRegistry(database),
    readAgents(database),
    readCallFacts(database, now),
    readHead(database),
    readHouse(database),
    readReach(database),
    readPolicy(database, now),
    readRedTeam(database),
  ]);
  const tier = (name: 'high' | 'medium' | 'low') => ({ tools: registry[name], ...calls.tiers[name] });
  return {
    servers: { active: registry.active, failing: registry.failing, http: registry.http, stdio: registry.stdio },
    tools: {
      accepted: registry.accepted,
      waiting: registry.waiting,
      drifted: registry.drifted,
      unclassified: registry.unclassified,
    },
    agents: { active: agents.active, seen: agents.seen, proxied: agents.proxied, oldSecrets: agents.old_secrets },
    proxiedServers: registry.proxied,
    log: { calls: calls.all, days: calls.days, waiting: head.waiting, checkpointAgeS: head.checkpoint_age_s },
    high: tier('high'),
    medium: tier('medium'),
    low: tier('low'),
    decisions: calls.decisions,
    reviewers: house.reviewers,
    policy,
    windows: windows.map(({ scope, running }) => ({ scope, running })),
    channels: { enabled: house.enabled, delivered: house.delivered, failing: house.undelivered },
    egress: { entries: reach.entries, endless: reach.endless, refused24h: reach.refused, waiting: reach.waiting },
    credentials: {
      live: reach.live,
      migration: reach.migration,
      ended: reach.ended,
      failing: reach.failing,
      rotating: reach.rotating,
    },
    incidents: { untaken: house.untaken, drillAgeDays: house.rehearsed_days },
    redTeam,
    drillAgeDays: house.drill_age_days,
    calibration: { enabled: house.planting, judged: house.judged },
  };
}

async function one<T>(rows: Promise<readonly T[]>): Promise<T> {
  const [row] = await rows;
  if (row === undefined) throw new Error('A count gave no row.');
  return row;
}

type Registry = Record<
  | 'active'
  | 'failing'
  | 'http'
  | 'stdio'
  | 'proxied'
  | 'accepted'
  | 'waiting'
  | 'drifted'
  | 'unclassified'
  | 'high'
  | 'medium'
  | 'low',
  number
>;

function readRegistry(tx: Tx): Promise<Registry> {
  return one(tx.$queryRaw<Registry[]>`
    SELECT s.*, t.* FROM (
      SELECT count(*)::int AS active, (count(*) FILTER (WHERE last_scan_error IS NOT NULL))::int AS failing,
        (count(*) FILTER (WHERE transport = 'http'))::int AS http, (count(*) FILTER (WHERE transport = 'stdio'))::int AS stdio,
        (count(*) FILTER (WHERE transport = 'stdio' AND EXISTS (SELECT FROM egress_attempts e
          WHERE e.identity = 'server:' || servers.name AND e.last_seen > now() - interval '30 days')))::int AS proxied
      FROM servers WHERE status = 'active' AND id <> ALL ((SELECT red_team_server_ids())::uuid[])
    ) s, (
      SELECT (count(*) FILTER (WHERE t.pin_state = 'accepted'))::int AS accepted,
        (count(*) FILTER (WHERE t.pin_state = 'new'))::int AS waiting,
        (count(*) FILTER (WHERE t.pin_state = 'drifted'))::int AS drifted,
        (count(*) FILTER (WHERE t.pin_state = 'accepted' AND t.action_class = 'other' AND t.tagged_at IS NULL))::int AS unclassified,
        (count(*) FILTER (WHERE t.pin_state = 'accepted' AND t.tier = 'high'))::int AS high,
        (count(*) FILTER (WHERE t.pin_state = 'accepted' AND t.tier = 'medium'))::int AS medium,
        (count(*) FILTER (WHERE t.pin_state = 'accepted' AND t.tier = 'low'))::int AS low
      FROM tools t JOIN servers o ON o.id = t.server_id WHERE o.status = 'active' AND o.id <> ALL ((SELECT red_team_server_ids())::uuid[])
    ) t`);
}

function readAgents(tx: Tx) {
  return one(tx.$queryRaw<{ active: number; seen: number; proxied: number; old_secrets: number }[]>`
    SELECT count(*)::int AS active, (count(*) FILTER (WHERE last_seen_at > now() - interval '30 days'))::int AS seen,
      (count(*) FILTER (WHERE EXISTS (SELECT FROM egress_attempts e
        WHERE e.identity = 'agent:' || agents.name AND e.last_seen > now() - interval '30 days')))::int AS proxied,
      (count(*) FILTER (WHERE (SELECT max(k.created_at) FROM agent_keys k WHERE k.agent_id = agents.id AND k.kind = 'secret'
          AND k.revoked_at IS NULL AND (k.not_after IS NULL OR k.not_after > now()))
        < now() - make_interval(days => ${SECRET_DAYS})))::int AS old_secrets
    FROM agents WHERE status = 'active' AND id <> ALL ((SELECT red_team_agent_ids())::uuid[])`);
}

/** The inbox is counted no further than matters: where no worker runs it grows without end. */
function readHead(tx: Tx) {
  return one(tx.$queryRaw<{ waiting: number; checkpoint_age_s: number | null }[]>`
    SELECT (SELECT count(*)::int FROM (SELECT FROM audit_inbox LIMIT ${INBOX_BEHIND + 1}) i) AS waiting,
      (SELECT greatest(0, extract(epoch FROM clock_timestamp() - at))::float8 FROM audit_checkpoints
        ORDER BY size DESC, at DESC LIMIT 1) AS checkpoint_age_s`);
}

type House = {
  reviewers: number;
  enabled: number;
  delivered: number;
  undelivered: number;
  drill_age_days: number | null;
  untaken: number;
  rehearsed_days: number | null;
  planting: boolean;
  judged: number;
};

function readHouse(tx: Tx): Promise<House> {
  return one(tx.$queryRaw<House[]>`
    SELECT reviewers_apart()::int AS reviewers, c.*,
      (SELECT floor(extract(epoch FROM now() - max(completed_at)) / 86400)::int FROM kill_restores) AS drill_age_days,
      (SELECT count(*)::int FROM incidents
        WHERE state <> 'resolved' AND state = 'open' AND NOT drill) AS untaken,
      (SELECT floor(extract(epoch FROM now() - max(resolved_at)) / 86400)::int FROM incidents
        WHERE drill AND kind <> 'drill') AS rehearsed_days,
      (SELECT enabled FROM calibration_settings WHERE id = 1) AS planting,
      (SELECT count(*)::int FROM calibration_plants WHERE outcome IN ('caught', 'missed')) AS judged
    FROM (
      SELECT (count(*) FILTER (WHERE enabled))::int AS enabled,
        (count(*) FILTER (WHERE enabled AND last_delivered_at IS NOT NULL))::int AS delivered,
        (count(*) FILTER (WHERE enabled AND last_error_at > coalesce(last_delivered_at, '-infinity')))::int AS undelivered
      FROM notification_channels
    ) c`);
}

type Reach = Record<
  'entries' | 'endless' | 'refused' | 'waiting' | 'live' | 'migration' | 'ended' | 'failing' | 'rotating',
  number
>;

function readReach(tx: Tx): Promise<Reach> {
  return one(tx.$queryRaw<Reach[]>`
    SELECT e.*, c.*,
      (SELECT count(*)::int FROM egress_attempts
        WHERE verdict = 'denied' AND last_seen > now() - interval '24 hours'
          AND identity <> ALL (SELECT 'agent:' || a FROM unnest(red_team_agents()) a)) AS refused,
      (SELECT count(*)::int FROM approval_requests
        WHERE status = 'pending' AND expires_at > now() AND via = 'egress-proxy'
          AND agent_id <> ALL ((SELECT red_team_agent_ids())::uuid[])) AS waiting
    FROM (
      SELECT count(*)::int AS entries, (count(*) FILTER (WHERE expires_at IS NULL))::int AS endless
      FROM egress_entries WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
        AND host <> ${LISTED_HOST}
    ) e, (
      SELECT count(*)::int AS live, (count(*) FILTER (WHERE migration_only))::int AS migration,
        (count(*) FILTER (WHERE ends_at <= now()))::int AS ended,
        (count(*) FILTER (WHERE coalesce(rotation_error, last_error) IS NOT NULL
          AND (ends_at IS NULL OR ends_at > now())))::int AS failing,
        (count(*) FILTER (WHERE rotate_every_days IS NOT NULL
          OR rotated_at > now() - make_interval(days => ${SECRET_DAYS})))::int AS rotating
      FROM credentials WHERE retired_at IS NULL AND server_id <> ALL ((SELECT red_team_server_ids())::uuid[])
    ) c`);
}

/** The newest run that came to its end; the red team's own servers and agents are counted nowhere else. */
async function readRedTeam(tx: Tx): Promise<RolloutFacts['redTeam']> {
  const weekly = await one(tx.$queryRaw<{ enabled: boolean; gaps: number }[]>`
    SELECT enabled, (SELECT count(*)::int FROM red_team_gaps WHERE ended_at IS NULL AND until > now()) AS gaps
    FROM red_team_settings WHERE id = 1`);
  const [last] = await tx.$queryRaw<NonNullable<RolloutFacts['redTeam']['last']>[]>`
    SELECT light, held, counted, floor(extract(epoch FROM now() - finished_at) / 86400)::int AS "ageDays"
    FROM red_team_runs WHERE state = 'finished' ORDER BY finished_at DESC LIMIT 1`;
  return { ...weekly, last: last ?? null };
}

async function readPolicy(tx: Tx, now: Date): Promise<RolloutFacts['policy']> {
  const { version, rules } = await readInForce(tx);
  const observing = rules.filter(
    ({ mode, observeUntil }) => mode === 'observe' && Date.parse(observeUntil ?? '') > +now,
  );
  return { version, rules: rules.length, observing: observing.length };
}
