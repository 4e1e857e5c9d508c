// Client-safe. The allowlist, its identities, and where they went. Hosts in attempts are attacker text.
import { z } from 'zod';
import { idSchema, isoTimeSchema, pageOf } from './shared-shapes.ts';

export const egressEntrySchema = z.object({
  id: idSchema,
  identity: z.string(),
  scheme: z.enum(['http', 'https']),
  host: z.string(),
  port: z.number().int(),
  path: z.string(),
  cidr: z.string().nullable(),
  tlsPin: z.string().nullable(),
  clientCertificate: idSchema.nullable(),
  reason: z.string(),
  /** E-mail; null: the host operator. */
  owner: z.string().nullable(),
  createdBy: z.string().nullable(),
  createdAt: isoTimeSchema,
  expires: isoTimeSchema.nullable(),
});
export type EgressEntry = z.infer<typeof egressEntrySchema>;
export const egressPageSchema = pageOf(egressEntrySchema);

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

/** What happens when an identity asks for a destination that nobody listed. The gateway itself is always denied. */
export const onFirstSeenSchema = z.enum(['deny', 'ask']);
export type OnFirstSeen = z.infer<typeof onFirstSeenSchema>;
export const egressIdentityViewSchema = z.object({
  identity: z.string(),
  onFirstSeen: onFirstSeenSchema,
  entries: z.number().int(),
});
export const egressIdentitiesSchema = z.object({ items: z.array(egressIdentityViewSchema) });
export type EgressIdentities = z.infer<typeof egressIdentitiesSchema>;
export const egressIdentityPatchSchema = z.strictObject({ onFirstSeen: onFirstSeenSchema });

/** GET /egress/hours: refusals as the log tells them, by hour over the last day; at most one a minute for each destination. */
export const egressHoursSchema = z.object({
  items: z.array(z.object({ hour: isoTimeSchema, denied: z.number().int() })),
});
export type EgressHours = z.infer<typeof egressHoursSchema>;
