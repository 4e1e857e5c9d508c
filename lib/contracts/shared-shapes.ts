import { z } from 'zod';
import { ACTION_CLASSES, TIERS } from '#lib/core/risk/types.ts';

/** Names of servers, agents and rules: `server__tool` stays unambiguous (interfaces.md). */
export const nameSchema = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/, 'lower-case letters, digits and inner hyphens, at most 32 characters');
export const idSchema = z.uuid();
/** The year 0 is one of ISO 8601 and none of the database's. */
export const isoTimeSchema = z.iso.datetime().refine((time) => !time.startsWith('0000'));
export const hexDigestSchema = z.string().regex(/^[0-9a-f]{64}$/);
export const tierSchema = z.enum(TIERS);
export const actionClassSchema = z.enum(ACTION_CLASSES);
export const roleSchema = z.enum(['admin', 'reviewer', 'security']);
export type Role = z.infer<typeof roleSchema>;
export const transportSchema = z.enum(['http', 'stdio', 'external']);
export const holdProfileSchema = z.enum(['openclaw', 'claude-code', 'codex', 'gemini', 'cursor', 'sdk']);
export type HoldProfile = z.infer<typeof holdProfileSchema>;
/** A reason somebody types: shown to others, so bounded. */
export const reasonSchema = z.string().trim().min(3, 'say why, in a few words').max(500);

/** A page of a list; `nextCursor` null = the end. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** Path parameter of what has an id and a name: either finds it. */
export const namedParamsSchema = z.object({ id: z.string().min(1).max(64) });
/** Query of a list that pages by name. */
export const listQuerySchema = z.object({
  cursor: z.string().max(64).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});
export type ListQuery = z.infer<typeof listQuerySchema>;

export const emailSchema = z
  .email()
  .max(254)
  .transform((e) => e.toLowerCase());
