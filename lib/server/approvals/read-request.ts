// Server-only.

import type { ApprovalDetail } from '#lib/contracts/approvals.ts';
import { auditSessionId } from '#lib/core/audit/session-id.ts';
import { personIdOf } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import type { Tx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import { readSeparation } from '../people/read-separation.ts';
import { judgeVoter } from './judge-voter.ts';
import { openArgs, type RequestRow, requestColumns, toSummary } from './request-row.ts';
import { readRequestStories } from './request-story.ts';

const BASE_RATE_DAYS = 30;

/**
 * The whole record of a request, for the person who reads it; null when there is none with this id.
 * Everything the digest is made of is in it, so that anyone can recompute what a vote is bound to.
 */
export async function readRequest(tx: Tx, keys: Keys, reader: ConfigActor, id: string): Promise<ApprovalDetail | null> {
  const rows = await tx.$queryRaw<RequestRow[]>`
    SELECT ${requestColumns('all')} FROM approval_requests r JOIN agents a ON a.id = r.agent_id WHERE r.id = ${id}::uuid`;
  const row = rows[0];
  if (row === undefined) return null;
  const canonicalArgs = openArgs(row, keys);
  return {
    ...toSummary(row, canonicalArgs, personIdOf(reader)),
    digest: row.digest,
    digestInputs: {
      agent: row.agent_name,
      onBehalfOf: row.on_behalf_of,
      session: row.session_key,
      server: row.server_name,
      serverConfigHash: row.server_config_hash,
      tool: row.tool_name,
      toolDigest: row.tool_digest,
      argsHash: row.args_hash,
      nonce: row.nonce,
    },
    canonicalArgs,
    agentReason: row.agent_reason,
    ...(await readTool(tx, row)),
    policyVersion: row.policy_version,
    terms: {
      quorum: row.quorum,
      factors: [],
      stepUp: 'none',
      undoS: 0,
      voteTtlS: 900,
      escalation: [],
      escalationStep: 0,
      escalateAt: null,
    },
    matched: [],
    tainted: false,
    executeAfter: null,
    mayVoteFor: [],
    supersededBy: null,
    votes: await readVotes(tx, id),
    mayVote: await judge(tx, reader, row),
    approvedUntil: row.approved_until?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
    ...(await readRequestStories(tx, {
      callId: row.call_id,
      requestId: row.id,
      sessionId: auditSessionId(row.agent_name, row.session_key),
    })),
    baseRate: await readBaseRate(tx, row),
    lastApproved: await readLastApproved(tx, keys, row),
    serverTime: row.now.toISOString(),
  };
}

type ToolFacts = Pick<ApprovalDetail, 'toolDescription' | 'tagReason' | 'suggestionReasons'>;

async function readTool(tx: Tx, row: RequestRow): Promise<ToolFacts> {
  const rows = await tx.$queryRaw<
    { description: string | null; tag_reason: string | null; suggestion_reasons: string[] }[]
  >`
    SELECT accepted_definition->>'description' AS description, tag_reason, suggestion_reasons
    FROM tools WHERE server_id = ${row.server_id}::uuid AND name = ${row.tool_name}`;
  const tool = rows[0];
  return {
    toolDescription: tool?.description ?? null,
    tagReason: tool?.tag_reason ?? null,
    suggestionReasons: tool?.suggestion_reasons ?? [],
  };
}

async function readVotes(tx: Tx, id: string): Promise<ApprovalDetail['votes']> {
  const votes = await tx.vote.findMany({
    where: { requestId: id },
    orderBy: { castAt: 'asc' },
    include: { person: { select: { name: true } } },
  });
  return votes.map((vote) => ({
    personId: vote.personId,
    personName: vote.person.name,
    decision: vote.decision,
    reason: vote.reason,
    castAt: vote.castAt.toISOString(),
    forPersonName: null,
    withdrawnAt: null,
    stepUp: vote.stepUp,
    counts: true,
    breakGlass: false,
  }));
}

async function judge(tx: Tx, reader: ConfigActor, row: RequestRow): Promise<ApprovalDetail['mayVote']> {
  if (reader.kind === 'operator') {
    return { allowed: false, code: 'not-signed-in', sentence: 'Only a signed-in reviewer decides.' };
  }
  const verdict = judgeVoter(reader, row, await readSeparation(tx));
  return verdict.ok
    ? { allowed: true }
    : { allowed: false, code: verdict.error.code, sentence: verdict.error.sentence };
}

async function readBaseRate(tx: Tx, row: RequestRow): Promise<ApprovalDetail['baseRate']> {
  const rows = await tx.$queryRaw<{ asked: number; approved: number }[]>`
    SELECT count(*)::int AS asked,
      (count(*) FILTER (WHERE status IN ('approved', 'consumed', 'succeeded', 'failed', 'unknown-outcome', 'expired-unused')))::int
        AS approved
    FROM approval_requests
    WHERE agent_id = ${row.agent_id}::uuid AND server_id = ${row.server_id}::uuid AND tool_name = ${row.tool_name}
      AND id <> ${row.id}::uuid AND requested_at > clock_timestamp() - make_interval(days => ${BASE_RATE_DAYS})`;
  return { asked: rows[0]?.asked ?? 0, approved: rows[0]?.approved ?? 0, days: BASE_RATE_DAYS };
}

async function readLastApproved(tx: Tx, keys: Keys, row: RequestRow): Promise<ApprovalDetail['lastApproved']> {
  const rows = await tx.$queryRaw<{ id: string; decided_at: Date; args_sealed: Uint8Array }[]>`
    SELECT id::text, decided_at, args_sealed FROM approval_requests
    WHERE agent_id = ${row.agent_id}::uuid AND server_id = ${row.server_id}::uuid AND tool_name = ${row.tool_name}
      AND id <> ${row.id}::uuid AND requested_at < ${row.requested_at} AND decided_at IS NOT NULL
      AND status IN ('approved', 'consumed', 'succeeded', 'failed', 'unknown-outcome', 'expired-unused')
    ORDER BY decided_at DESC LIMIT 1`;
  const last = rows[0];
  return last === undefined ? null : { at: last.decided_at.toISOString(), canonicalArgs: openArgs(last, keys) };
}
