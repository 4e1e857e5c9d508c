import { z } from 'zod';
import { idSchema, isoTimeSchema, pageOf, roleSchema } from './shared-shapes.ts';

export const passwordSchema = z.string().min(12, 'at least 12 characters').max(200);
export const emailSchema = z
  .email()
  .max(254)
  .transform((e) => e.toLowerCase());
export const personSchema = z.object({
  id: idSchema,
  email: z.string(),
  name: z.string(),
  roles: z.array(roleSchema),
  groups: z.array(z.string()),
  status: z.enum(['active', 'disabled', 'invited']),
  createdAt: isoTimeSchema,
  lastSignInAt: isoTimeSchema.nullable(),
  /**
   * Bound to a subject at the sign-in provider; roles and groups of it follow that person's groups there. This and the two
   * below are for admin and security; null to others, who need not know how to come in as somebody.
   */
  sso: z
    .object({ boundAt: isoTimeSchema.nullable(), roles: z.array(roleSchema), groups: z.array(z.string()) })
    .nullable(),
  hasPassword: z.boolean().nullable(),
  sessions: z.number().int().nullable(),
  /** Accounts that this one counts as one human with, until then or until somebody confirms that it is somebody else. */
  countsWith: z.array(
    z.object({
      email: z.string(),
      name: z.string(),
      why: z.enum(['invited', 'roles', 'enabled', 'sign-in']),
      until: isoTimeSchema,
    }),
  ),
});
export type Person = z.infer<typeof personSchema>;
export const peoplePageSchema = pageOf(personSchema);

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
export const personPatchSchema = z.strictObject({
  roles: z.array(roleSchema).optional(),
  groups: z.array(z.string()).optional(),
  status: z.enum(['active', 'disabled']).optional(),
});
