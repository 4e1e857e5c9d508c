// Server-only. Where a session met what strangers wrote, before it asked for a call.
import { z } from 'zod';
import type { ApprovalContext } from '#lib/contracts/approval-context.ts';
import { actionClassSchema } from '#lib/contracts/shared-shapes.ts';
import { auditSessionId } from '#lib/core/audit/session-id.ts';
import type { JsonObject } from '#lib/core/json/value.ts';
import type { Tx } from '../db/tx.ts';
import { readsUntrusted } from '../snapshot/reads-untrusted.ts';
import type { RequestRow } from './request-row.ts';

const MOST_CALLS = 20;

const definitionSchema = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

/**
 * The calls of the session that read untrusted content before this request, oldest first: the one that tainted it, and
 * later ones of the same kind. A tool counts by what it is tagged as now; the first is on record whatever it is now.
 */
export async function readTaintTrail(tx: Tx, row: RequestRow): Promise<ApprovalContext['taintTrail']> {
  if (!row.tainted) return [];
  const session = auditSessionId(row.agent_name, row.session_key);
  const calls = await tx.$queryRaw<
    {
      call_id: string;
      at: Date;
      server: string;
      tool: string;
      first: boolean;
      definition: unknown;
      action_class: string | null;
    }[]
  >`
    SELECT e.call_id::text AS call_id, min(e.at) AS at, e.server, e.tool,
      bool_or(e.type = 'session.tainted') AS first, t.accepted_definition AS definition, t.action_class
    FROM audit_entries e LEFT JOIN servers s ON s.name = e.server
      LEFT JOIN tools t ON t.server_id = s.id AND t.name = e.tool
    WHERE e.session_id = ${session} AND e.type IN ('session.tainted', 'call.intent')
      AND e.at <= ${row.requested_at} AND e.call_id IS NOT NULL AND e.server IS NOT NULL AND e.tool IS NOT NULL
    GROUP BY e.call_id, e.server, e.tool, t.accepted_definition, t.action_class
    ORDER BY 2 LIMIT 500`;
  return calls
    .filter((call) => call.first || isUntrusted(call))
    .slice(0, MOST_CALLS)
    .map((call) => ({
      callId: call.call_id,
      at: call.at.toISOString(),
      server: call.server,
      tool: call.tool,
    }));
}

function isUntrusted(call: { readonly definition: unknown; readonly action_class: string | null }): boolean {
  const actionClass = actionClassSchema.safeParse(call.action_class);
  const definition = definitionSchema.safeParse(call.definition);
  return actionClass.success && readsUntrusted(definition.success ? definition.data : {}, actionClass.data);
}
