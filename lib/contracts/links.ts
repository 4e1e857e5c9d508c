// Client-safe. One-time links: who is invited by them, what they are for, and how they are taken up.
import { z } from 'zod';
import { emailSchema, idSchema, isoTimeSchema, roleSchema } from './shared-shapes.ts';

export const passwordSchema = z.string().min(12, 'at least 12 characters').max(200);

/** POST /api/v1/setup with the one-time token: makes the first admin (all three roles). Also used for invite and reset links. */
export const linkRedeemSchema = z.strictObject({
  token: z.string().min(20).max(200),
  email: emailSchema.optional(),
  name: z.string().trim().min(1).max(100).optional(),
  password: passwordSchema,
});
/** POST /api/v1/links/info: what a one-time link is for, before it is used. */
export const linkTokenSchema = z.strictObject({ token: z.string().min(20).max(200) });
/** POST /api/v1/setup/passkey: an invitation taken up with the passkey that the browser has just made. */
export const joinByPasskeySchema = z.strictObject({
  token: z.string().min(20).max(200),
  name: z.string().trim().min(1).max(100),
  response: z.record(z.string(), z.unknown()),
});
export const linkRedeemedSchema = z.object({
  kind: z.enum(['setup', 'invite', 'reset']),
  personId: idSchema,
  email: z.string(),
});
export const linkInfoSchema = z.object({
  kind: z.enum(['setup', 'invite', 'reset']),
  email: z.string().nullable(),
  expiresAt: isoTimeSchema,
  /** Whether the link can be used with a password; where it cannot, `provider` names the button that leads in. */
  passwords: z.boolean(),
  provider: z.string().nullable(),
  /** Whether it is taken up with a passkey: there is no other way in. */
  passkey: z.boolean(),
});
export const inviteSchema = z.strictObject({
  email: emailSchema,
  roles: z.array(roleSchema).min(1),
  groups: z.array(z.string()).default([]),
});
export const inviteAnswerSchema = z.object({ link: z.string(), expiresAt: isoTimeSchema });
