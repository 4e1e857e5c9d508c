// Client-safe. Agents as lists name them; all of one is in agents.ts.
import { z } from 'zod';
import { holdProfileSchema, idSchema, isoTimeSchema, nameSchema, pageOf } from './shared-shapes.ts';

/** Tokens and keys that end first, for lists: what is about to stop working. */
const agingSchema = z.object({
  tokens: z.number().int(),
  nextTokenEnd: isoTimeSchema.nullable(),
  nextKeyEnd: isoTimeSchema.nullable(),
});
export const agentSummarySchema = z.object({
  id: idSchema,
  name: nameSchema,
  owner: z.object({ id: idSchema, name: z.string() }),
  client: holdProfileSchema,
  requestTimeoutMs: z.number().int().nullable(),
  pendingCap: z.number().int(),
  aggregate: z.boolean(),
  status: z.enum(['active', 'revoked']),
  servers: z.array(z.string()),
  clientId: z.string(),
  createdAt: isoTimeSchema,
  lastSeenAt: isoTimeSchema.nullable(),
  pending: z.number().int(),
  /** Its oldest static token and the soonest ends: what is about to stop working. */
  aging: agingSchema,
  /** How many of its sessions are quarantined. */
  quarantined: z.number().int(),
});
export type AgentSummary = z.infer<typeof agentSummarySchema>;
export const agentsPageSchema = pageOf(agentSummarySchema);
