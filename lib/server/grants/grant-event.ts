// Server-only. What the log says about a grant.
import { grantSentence } from '#lib/core/grants/sentence.ts';
import type { AuditEventInput } from '../audit/record-event.ts';
import { type GrantRow, termsOf } from './grant-row.ts';

/** The facts that every event about a grant carries. A class has no tool; the sentence names it. */
export function grantFacts(row: GrantRow): Omit<AuditEventInput, 'type' | 'actor'> & {
  readonly detail: NonNullable<AuditEventInput['detail']>;
} {
  return {
    agent: row.agent_name,
    server: row.server_name,
    ...(row.tool_name === null ? {} : { tool: row.tool_name }),
    ...(row.action_class === null ? {} : { actionClass: row.action_class }),
    ...(row.request_id === null ? {} : { requestId: row.request_id }),
    tier: row.tier,
    digest: row.digest,
    policyVersion: row.policy_version,
    killEpoch: row.kill_epoch.toString(),
    detail: { grant: row.id, sentence: grantSentence(termsOf(row)) },
  };
}
