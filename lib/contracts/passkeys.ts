import { z } from 'zod';
import { idSchema, isoTimeSchema } from './shared-shapes.ts';

export const passkeySchema = z.object({
  id: idSchema,
  name: z.string(),
  createdAt: isoTimeSchema,
  lastUsedAt: isoTimeSchema.nullable(),
  backedUp: z.boolean(),
});
export const passkeysSchema = z.object({
  items: z.array(passkeySchema),
  /** Browsers know no passkeys for an IP address, nor without TLS on another host than localhost. */
  available: z.boolean(),
  unavailableBecause: z.string().nullable(),
});
export type Passkeys = z.infer<typeof passkeysSchema>;
/** What the browser passes to `startRegistration` or `startAuthentication`: opaque to us here. */
export const webauthnOptionsSchema = z.object({ options: z.record(z.string(), z.unknown()) });
/** POST /api/v1/me/passkeys: the browser's answer; the password proves that it is the person (ASVS 2.8). */
export const passkeyCreateSchema = z.strictObject({
  name: z.string().trim().min(1).max(60),
  response: z.record(z.string(), z.unknown()),
});
/** PATCH /api/v1/me/passkeys/<id>. */
export const passkeyRenameSchema = z.strictObject({ name: z.string().trim().min(1).max(60) });
export const passkeyOptionsSchema = z.strictObject({ password: z.string().max(200).optional() });
/** POST /api/v1/approvals/<id>/challenge and its kin: what the person is about to say. */
export const grantVoteChallengeSchema = z.strictObject({ decision: z.enum(['approve', 'deny']), digest: z.string() });
/** The manner is signed too: alone under an emergency, or in another's place. */
export const voteChallengeSchema = grantVoteChallengeSchema.extend({
  forPersonId: idSchema.optional(),
  breakGlass: z.literal(true).optional(),
});
