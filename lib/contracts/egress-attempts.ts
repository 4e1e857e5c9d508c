// Client-safe. Where identities went, or wanted to go. Hosts are attacker text.
import { z } from 'zod';
import { egressIdentitySchema } from './egress-input.ts';
import { idSchema, isoTimeSchema, pageOf } from './shared-shapes.ts';

export const egressVerdictSchema = z.enum(['allowed', 'denied', 'held']);
export type EgressVerdict = z.infer<typeof egressVerdictSchema>;
export const egressAttemptSchema = z.object({
  id: idSchema,
  identity: z.string(),
  scheme: z.string(),
  host: z.string(),
  port: z.number().int(),
  verdict: egressVerdictSchema,
  firstSeen: isoTimeSchema,
  lastSeen: isoTimeSchema,
  count: z.number(),
  bytesOut: z.number(),
  bytesIn: z.number(),
  reason: z.string().nullable(),
  /** An entry covers it now. */
  listed: z.boolean(),
});
export type EgressAttempt = z.infer<typeof egressAttemptSchema>;
export const egressAttemptsPageSchema = pageOf(egressAttemptSchema);
/** Newest first. `cursor` is opaque. */
export const egressAttemptsQuerySchema = z.object({
  verdict: egressVerdictSchema.optional(),
  identity: egressIdentitySchema.optional(),
  cursor: z.string().max(128).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type EgressAttemptsQuery = z.infer<typeof egressAttemptsQuerySchema>;
