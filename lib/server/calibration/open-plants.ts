// Server-only. A plant that is due becomes a request, by the very use-case that holds an agent's call.
import { randomInt } from 'node:crypto';
import pg from 'pg';
import type { Pattern, Pick as PickOne } from '#lib/core/calibration/patterns.ts';
import { patternOf } from '#lib/core/calibration/patterns.ts';
import { retimed } from '#lib/core/calibration/schedule.ts';
import type { AgentPrincipal } from '#lib/core/identity/principals.ts';
import { openRequest } from '../approvals/open-request.ts';
import type { Target } from '../calls/attempt.ts';
import { judgePolicy } from '../calls/judge-policy.ts';
import { readArguments } from '../calls/read-arguments.ts';
import type { Database } from '../db/prisma.ts';
import { databaseNow } from '../db/tx.ts';
import { inspectableOf } from '../inspect/inspectable.ts';
import type { Keys } from '../keys/load-keys.ts';
import { loadSnapshot } from '../snapshot/load-snapshot.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';

export type PlantDeps = { readonly databaseUrl: string; readonly prisma: Database; readonly keys: Keys };
type Due = { readonly id: string; readonly call_id: string; readonly pattern: string; readonly waits: boolean };
/** `later`: something stands in the way that passes, such as a kill. */
type Opened = { readonly kind: 'opened' | 'later' } | { readonly kind: 'void'; readonly why: string };

/** So long a plant waits for a kill to be lifted or an agent to be there, before it is given up. */
const PATIENCE = '12 hours';

const pick: PickOne = (from) => from[randomInt(from.length)] ?? from[0];

/**
 * Opens what is due, and returns how many requests there are more.
 *
 * A plant is taken by marking it opened before anything is asked: of two workers one has it, and one that dies in between
 * leaves a plant without a request, which is judged void, never a request without its mark.
 */
export async function openPlants({ databaseUrl, prisma, keys }: PlantDeps): Promise<number> {
  const due = await prisma.$queryRaw<Due[]>`
    UPDATE calibration_plants p SET opened_at = clock_timestamp()
    FROM (SELECT id FROM calibration_plants WHERE judged_at IS NULL AND opened_at IS NULL AND due_at <= clock_timestamp()
      ORDER BY due_at LIMIT 5 FOR UPDATE SKIP LOCKED) AS d
    WHERE p.id = d.id RETURNING p.id::text, p.call_id::text, p.pattern,
      p.planted_by = 'schedule' AND p.due_at > clock_timestamp() - ${PATIENCE}::interval / 2 AS waits`;
  if (due.length === 0) return 0;
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  try {
    let opened = 0;
    for (const plant of due) {
      const result = await openOne({ pool, prisma, keys }, plant);
      if (result.kind === 'opened') opened++;
      else await putBack(prisma, plant.id, result.kind === 'void' ? result.why : null);
    }
    return opened;
  } finally {
    await pool.end();
  }
}

/** What cannot be opened waits, or is given up: the judge finds it without a request and closes it. */
async function putBack(prisma: Database, id: string, why: string | null): Promise<void> {
  await prisma.$executeRaw`
    UPDATE calibration_plants SET why = ${why},
      opened_at = CASE WHEN ${why}::text IS NULL AND due_at > clock_timestamp() - ${PATIENCE}::interval THEN NULL ELSE opened_at END
    WHERE id = ${id}::uuid AND judged_at IS NULL`;
}

type OpenDeps = { readonly pool: pg.Pool; readonly prisma: Database; readonly keys: Keys };

async function openOne({ pool, prisma, keys }: OpenDeps, plant: Due): Promise<Opened> {
  const pattern = patternOf(plant.pattern);
  if (pattern === undefined) return { kind: 'void', why: 'This release does not know the pattern.' };
  const snapshot = await loadSnapshot(pool);
  const target = await sinkTarget(prisma, snapshot, pattern);
  if (target === null) return { kind: 'void', why: 'The sink is switched off or its tool is not accepted.' };
  const principal = await somebody(prisma, snapshot, { sinkId: target.server.id, waits: plant.waits });
  if (principal === null) return { kind: 'later' };
  const args = readArguments(pattern.args(pick));
  if (!args.ok) return { kind: 'void', why: 'The pattern has unusable arguments.' };
  const sessionKey = `agent:${principal.id}`;
  const judged = judgePolicy(snapshot, {
    agent: principal.name,
    server: target.server.name,
    tool: target.tool.name,
    tier: target.tier,
    actionClass: target.actionClass,
    args: args.value.value,
    session: sessionKey,
    tainted: false,
    inspectable: inspectableOf(args.value.value),
    nowMs: (await databaseNow(prisma)).getTime(),
  });
  if (judged.decision !== 'hold') {
    return { kind: 'void', why: `Policy decides such a call without people: ${judged.decision}.` };
  }
  const callId = await callNow(prisma, plant);
  if (callId === null) return { kind: 'later' };
  const opened = await openRequest(pool, keys, {
    callId,
    principal,
    target,
    args: args.value,
    session: null,
    onBehalfOf: null,
    via: 'decision-api',
    rule: judged.rule,
    policyVersion: snapshot.policyVersion,
    terms: judged.terms,
    matched: judged.matched,
    tainted: false,
    reason: pattern.reason,
    onlyRequestId: null,
  });
  switch (opened.kind) {
    case 'opened':
      return { kind: 'opened' };
    case 'attached':
      return { kind: 'void', why: 'The same request is open already.' };
    case 'refused':
      return { kind: 'later' };
  }
}

/**
 * The plant's call, made now: a call's id says when it was made, and one that is older than its request by the worker's pace,
 * or by the kill it waited for, would be no agent's. Null where the plant was given up meanwhile.
 */
async function callNow(prisma: Database, { id, call_id }: Due): Promise<string | null> {
  const callId = retimed(call_id, Date.now());
  const marked = await prisma.$executeRaw`
    UPDATE calibration_plants SET call_id = ${callId}::uuid WHERE id = ${id}::uuid AND judged_at IS NULL`;
  return marked === 1 ? callId : null;
}

async function sinkTarget(prisma: Database, snapshot: Snapshot, pattern: Pattern): Promise<Target | null> {
  const { serverId } = await prisma.calibrationSettings.findUniqueOrThrow({ where: { id: 1 } });
  const server = [...snapshot.servers.values()].find(({ id }) => id === serverId);
  const tool = server?.tools.get(pattern.tool);
  if (server === undefined || tool === undefined) return null;
  if (server.status !== 'active' || server.transport !== 'external' || tool.pinState !== 'accepted') return null;
  return { server, tool, tier: tool.tier, actionClass: tool.actionClass };
}

/**
 * An agent in whose name the plant asks: an active one about which somebody may decide, rather one that may use the sink and
 * one that was just heard of, because everybody sees both of an agent. A plant of the schedule waits some hours for an agent
 * that is there, if any was lately. Its cap does not count: a plant must neither be refused by it nor take a place from a
 * real call.
 */
async function somebody(
  prisma: Database,
  snapshot: Snapshot,
  { sinkId, waits }: { readonly sinkId: string; readonly waits: boolean },
): Promise<AgentPrincipal | null> {
  const rows = await prisma.$queryRaw<{ id: string; lately: boolean | null; here: boolean | null }[]>`
    SELECT a.id::text, a.last_seen_at > clock_timestamp() - interval '14 days' AS lately,
      a.last_seen_at > clock_timestamp() - interval '1 minute' AS here FROM agents a
    WHERE a.status = 'active' AND a.id <> ALL (red_team_agent_ids()) AND EXISTS (
      SELECT FROM people p WHERE p.status = 'active' AND 'reviewer' = ANY (p.roles)
        AND voter_exclusion(p.id, a.id, a.owner_id, NULL,
          reviewers_apart() = 1) IS NULL)
    ORDER BY EXISTS (SELECT FROM agent_servers s WHERE s.agent_id = a.id AND s.server_id = ${sinkId}::uuid) DESC,
      here DESC NULLS LAST, lately DESC NULLS LAST, random() LIMIT 1`;
  const [found] = rows;
  if (waits && found?.lately === true && found.here !== true) return null;
  const listed = snapshot.agents.get(found?.id ?? '');
  if (listed === undefined) return null;
  const { id, name, ownerId, client, requestTimeoutMs, aggregate, tokenEpoch } = listed;
  const audience = '/api/v1/calls';
  const pendingCap = Number.MAX_SAFE_INTEGER;
  return { kind: 'agent', id, name, ownerId, audience, client, requestTimeoutMs, pendingCap, aggregate, tokenEpoch };
}
