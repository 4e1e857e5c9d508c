// Client-safe. Who is signed in, which every page reads, and how they prove again that it is them.
import { z } from 'zod';
import { idSchema, isoTimeSchema, roleSchema } from './shared-shapes.ts';

/** GET /api/v1/me: who is signed in, and what the shell needs. */
export const meSchema = z.object({
  id: idSchema,
  email: z.string(),
  name: z.string(),
  roles: z.array(roleSchema),
  separation: z.enum(['solo', 'full']),
  sessionExpiresAt: isoTimeSchema,
  serverTime: isoTimeSchema,
  /** Without one, whatever asks for it again asks the sign-in provider instead. */
  hasPassword: z.boolean(),
  /** What else proves it: a passkey of theirs, and the sign-in provider. */
  provesBy: z.object({ passkey: z.boolean(), provider: z.boolean() }),
  /** Until when the session counts as proven a moment ago; null = it does not. */
  provenUntil: isoTimeSchema.nullable(),
  /** When it was proven last, however long ago: whoever confirms their own word proves it after having given that. */
  provenAt: isoTimeSchema,
});
export type Me = z.infer<typeof meSchema>;
export const reauthAnswerSchema = z.object({ reauthAt: isoTimeSchema });
/** POST /api/v1/me/reauth/passkey: the browser's answer to the options from there. */
export const reauthByPasskeySchema = z.strictObject({ assertion: z.record(z.string(), z.unknown()) });
export const reauthSchema = z.strictObject({ password: z.string().min(1).max(200) });
