// Server-only.

import type { ApprovalDetail } from '#lib/contracts/approvals.ts';
import { auditSessionId } from '#lib/core/audit/session-id.ts';
import { personIdOf } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import type { HoldTerms } from '#lib/core/policies/rule.ts';
import type { Database } from '../db/prisma.ts';
import type { Tx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import { countSeats, readSeats } from './count-seats.ts';
import { escalationBar } from './escalation.ts';
import { extensionBar } from './extension-bar.ts';
import { termsOf, termsRowSchema } from './frozen-terms.ts';
import { groupsOf, judgeVoter, LOOSENED, seatsOpenTo } from './judge-voter.ts';
import { readStanding } from './recount.ts';
import { openArgs, type RequestRow, requestColumns, toSummary } from './request-row.ts';
import { readRequestStories } from './request-story.ts';
import { readVotes } from './request-votes.ts';

const BASE_RATE_DAYS = 30;

/**
 * The whole record of a request, for the person who reads it; null when there is none with this id.
 * Everything the digest is made of is in it, so that anyone can recompute what a vote is bound to. Its parts are asked for
 * at the same time, on connections of their own: somebody waits for the page.
 */
export async function readRequest(
  database: Database,
  keys: Keys,
  reader: ConfigActor,
  id: string,
): Promise<ApprovalDetail | null> {
  const rows = await database.$queryRaw<RequestRow[]>`
    SELECT ${requestColumns('all')} FROM approval_requests r JOIN agents a ON a.id = r.agent_id WHERE r.id = ${id}::uuid`;
  const row = rows[0];
  if (row === undefined) return null;
  const terms = termsOf(termsRowSchema.parse(row));
  const [seats, bars, tool, mayVoteFor, votes, stories, baseRate, lastApproved, canonicalArgs] = await Promise.all([
    readSeats(database, id),
    judge(database, keys, reader, row, terms),
    readTool(database, row),
    reader.kind === 'operator' ? [] : seatsOpenTo(database, reader.id, row),
    readVotes(database, id),
    readRequestStories(database, {
      callId: row.call_id,
      requestId: row.id,
      sessionId: auditSessionId(row.agent_name, row.session_key),
    }),
    readBaseRate(database, row),
    readLastApproved(database, keys, row),
    // Last: a megabyte is opened while the database answers the others.
    openArgsOf(row, keys),
  ]);
  const count = countSeats(seats, terms, {
    nowMs: row.now.getTime(),
    frozen: terms,
    stepsTaken: row.escalation_step,
    without: [],
  });
  const isOpen = row.status === 'pending' || row.status === 'approved';
  const summary = toSummary(row, canonicalArgs, personIdOf(reader));
  const counts = (personId: string) => !isOpen || count.counting.has(personId);
  return {
    ...summary,
    quorum: { needed: count.needed, approved: isOpen ? count.approvals : summary.quorum.approved },
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
    argsErasedAt: row.args_erased_at?.toISOString() ?? null,
    agentReason: row.agent_reason,
    ...tool,
    policyVersion: row.policy_version,
    terms: {
      quorum: terms.quorum,
      factors: count.factors.map((factor) => ({ ...factor, groups: [...factor.groups] })),
      stepUp: terms.stepUp,
      undoS: terms.undoS,
      voteTtlS: terms.voteTtlS,
      escalation: terms.escalation.map((step) => ({ ...step, groups: [...step.groups] })),
      escalationStep: row.escalation_step,
      escalateAt: row.status === 'pending' ? (row.escalate_at?.toISOString() ?? null) : null,
      escalateBar: bars.escalateBar,
      extendBar: bars.extendBar,
    },
    matched: row.matched,
    tainted: row.tainted,
    executeAfter: row.execute_after?.toISOString() ?? null,
    mayVoteFor: [...mayVoteFor],
    supersededBy: row.superseded_by,
    votes: votes.map((vote) => ({ ...vote, counts: vote.withdrawnAt === null && counts(vote.personId) })),
    mayVote: bars.mayVote,
    approvedUntil: row.approved_until?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
    ...stories,
    baseRate,
    lastApproved,
    serverTime: row.now.toISOString(),
  };
}

async function openArgsOf(row: RequestRow, keys: Keys): Promise<string> {
  return openArgs(row, keys);
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

async function judge(
  tx: Tx,
  keys: Keys,
  reader: ConfigActor,
  row: RequestRow,
  frozen: HoldTerms,
): Promise<Pick<ApprovalDetail, 'mayVote'> & Pick<ApprovalDetail['terms'], 'escalateBar' | 'extendBar'>> {
  const refused = (why: { readonly code: string; readonly sentence: string; readonly mayDeny: boolean }) => ({
    mayVote: { allowed: false as const, ...why },
    escalateBar: why.sentence,
    extendBar: why.sentence,
  });
  if (reader.kind === 'operator') {
    return refused({ code: 'not-signed-in', sentence: 'Only a signed-in reviewer decides.', mayDeny: false });
  }
  const verdict = await judgeVoter(tx, reader.id, row);
  if (!verdict.ok) return refused(verdict.error);
  const mayVote = { allowed: true } as const;
  if (row.status !== 'pending' || row.args_sealed === null) {
    return { mayVote, escalateBar: null, extendBar: 'It does not wait any more.' };
  }
  const standing = await readStanding(tx, keys, { ...row, args_sealed: row.args_sealed, frozen });
  if (standing.loosened.includes(reader.id)) return refused(LOOSENED);
  const at = {
    now: row.now,
    requestedAt: row.requested_at,
    frozen: frozen.escalation,
    stepsTaken: row.escalation_step,
  };
  return {
    mayVote,
    escalateBar: escalationBar(at, standing.terms, await groupsOf(tx, reader.id)),
    extendBar: await extensionBar(tx, row.id),
  };
}

async function readBaseRate(tx: Tx, row: RequestRow): Promise<ApprovalDetail['baseRate']> {
  const rows = await tx.$queryRaw<{ asked: number; approved: number }[]>`
    SELECT count(*)::int AS asked,
      (count(*) FILTER (WHERE status IN ('approved', 'consumed', 'succeeded', 'failed', 'unknown-outcome', 'expired-unused')))::int
        AS approved
    FROM approval_requests
    WHERE agent_id = ${row.agent_id}::uuid AND server_id = ${row.server_id}::uuid AND tool_name = ${row.tool_name}
      AND call_id NOT IN (SELECT p.call_id FROM calibration_plants p WHERE p.judged_at IS NOT NULL)
      AND id <> ${row.id}::uuid AND requested_at > clock_timestamp() - make_interval(days => ${BASE_RATE_DAYS})`;
  return { asked: rows[0]?.asked ?? 0, approved: rows[0]?.approved ?? 0, days: BASE_RATE_DAYS };
}

async function readLastApproved(tx: Tx, keys: Keys, row: RequestRow): Promise<ApprovalDetail['lastApproved']> {
  const rows = await tx.$queryRaw<{ id: string; decided_at: Date; args_sealed: Uint8Array }[]>`
    SELECT id::text, decided_at, args_sealed FROM approval_requests
    WHERE agent_id = ${row.agent_id}::uuid AND server_id = ${row.server_id}::uuid AND tool_name = ${row.tool_name}
      AND id <> ${row.id}::uuid AND requested_at < ${row.requested_at} AND decided_at IS NOT NULL AND args_erased_at IS NULL
      AND status IN ('approved', 'consumed', 'succeeded', 'failed', 'unknown-outcome', 'expired-unused')
    ORDER BY decided_at DESC LIMIT 1`;
  const last = rows[0];
  return last === undefined ? null : { at: last.decided_at.toISOString(), canonicalArgs: openArgs(last, keys) };
}
