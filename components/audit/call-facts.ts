// Client-safe. What the log says of a call, as one JSON text that can be put beside another call's.
import { z } from 'zod';
import type { AuditRow } from '#lib/contracts/audit.ts';
import { laneOf, STAGE_WORDS } from './lanes.ts';

const entrySchema = z.object({
  action_class: z.string().optional(),
  approval_digest: z.string().optional(),
  policy: z.object({ id: z.string().optional(), ver: z.number().optional() }).optional(),
  separation: z.string().optional(),
});

/**
 * The facts of a call, oldest entry first in `rows`: who asked for what, under which rule, who voted how, and what every
 * stage came to. Left out is what differs between any two calls and tells nothing: ids, times, and commitments, whose
 * salts differ even over the same arguments.
 */
export function factsText(callId: string, rows: readonly AuditRow[]): string {
  const [first] = rows;
  const lane = laneOf(callId, rows);
  if (first === undefined || lane === null) return '{}';
  const entries = rows.map(readEntry);
  const policy = entries.find((entry) => entry.policy !== undefined)?.policy;
  const votes = rows.filter((row) => row.type.startsWith('vote.'));
  return JSON.stringify({
    agent: first.agent,
    server: first.server,
    tool: first.tool,
    tier: first.tier,
    actionClass: entries.find((entry) => entry.action_class !== undefined)?.action_class ?? null,
    session: first.sessionId,
    rule: policy?.id ?? null,
    policyVersion: policy?.ver ?? null,
    separation: entries.find((entry) => entry.separation !== undefined)?.separation ?? null,
    // One text and every member always there: what only one call has must stand where it is looked for.
    votes: votes.map((row) => `${row.actor ?? '?'}: ${row.decision ?? row.type}`).join(', '),
    stages: Object.fromEntries(lane.steps.map((step) => [STAGE_WORDS[step.stage], step.word])),
  });
}

function readEntry(row: AuditRow): z.infer<typeof entrySchema> {
  try {
    const entry = entrySchema.safeParse(JSON.parse(row.entry));
    return entry.success ? entry.data : {};
  } catch {
    return {};
  }
}
