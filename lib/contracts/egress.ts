// Client-safe. The allowlist and its identities.
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
