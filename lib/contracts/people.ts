import { z } from 'zod';
import { idSchema, isoTimeSchema, pageOf, roleSchema } from './shared-shapes.ts';
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
export const personPatchSchema = z.strictObject({
  roles: z.array(roleSchema).optional(),
  groups: z.array(z.string()).optional(),
  status: z.enum(['active', 'disabled']).optional(),
});
