// Client-safe. Groups: names that rules ask votes of, and who is in them.
import { z } from 'zod';
import { idSchema, pageOf, roleSchema } from './shared-shapes.ts';

/** As it is written in rules, in mappings and in countersign.yaml. */
export const groupNameSchema = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[^\s,]+$/, 'no spaces and no commas');

export const groupSchema = z.object({
  name: z.string(),
  members: z.array(
    z.object({
      id: idSchema,
      name: z.string(),
      email: z.string(),
      roles: z.array(roleSchema),
      active: z.boolean(),
      /** The provider's groups gave it: taken out here, it is back at the next sign-in. */
      fromProvider: z.boolean(),
    }),
  ),
  /** Rules in force that ask this group. */
  rules: z.array(z.string()),
  breakGlass: z.boolean(),
  /** Groups at the sign-in provider that give it. */
  mappings: z.array(z.string()),
});
export type Group = z.infer<typeof groupSchema>;
export const groupsPageSchema = pageOf(groupSchema);
export const groupCreateSchema = z.strictObject({
  name: groupNameSchema,
  memberIds: z.array(idSchema).min(1).max(200),
});
/** PATCH /groups/<name>: both lists at once, so that nobody is in between. */
export const groupPatchSchema = z
  .strictObject({ add: z.array(idSchema).max(200).default([]), remove: z.array(idSchema).max(200).default([]) })
  .refine((patch) => patch.add.length + patch.remove.length > 0, 'say who comes or goes');
export type GroupPatch = z.infer<typeof groupPatchSchema>;
export const groupParamsSchema = z.object({ name: groupNameSchema });
