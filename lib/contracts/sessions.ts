// Client-safe. Sessions of people, and the command lines that they confirm.
import { z } from 'zod';
import { idSchema, isoTimeSchema } from './shared-shapes.ts';

export const sessionSchema = z.object({
  id: idSchema,
  kind: z.enum(['browser', 'cli']),
  /** How it began; null for sessions that are older than this record. */
  method: z.enum(['password', 'passkey', 'sso', 'cli']).nullable(),
  /** What the client said it is: untrusted text. */
  client: z.string().nullable(),
  address: z.string().nullable(),
  createdAt: isoTimeSchema,
  lastSeenAt: isoTimeSchema,
  expiresAt: isoTimeSchema,
  /** The session that asks. */
  current: z.boolean(),
});
export type Session = z.infer<typeof sessionSchema>;
export const sessionsSchema = z.object({ items: z.array(sessionSchema), nextCursor: z.null() });
export const sessionsEndedSchema = z.object({ ended: z.number().int() });

/** POST /api/v1/sign-in/cli: a command line asks; a person confirms `code` in the console. */
export const cliLoginStartSchema = z.strictObject({ client: z.string().trim().min(1).max(100) });
export const cliLoginStartedSchema = z.object({
  deviceCode: z.string(),
  code: z.string(),
  url: z.string(),
  expiresAt: isoTimeSchema,
  pollAfterMs: z.number().int(),
});
export const cliLoginPollSchema = z.strictObject({ deviceCode: z.string().min(20).max(100) });
export const cliLoginAnswerSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('pending'), pollAfterMs: z.number().int() }),
  z.object({
    status: z.literal('signed-in'),
    token: z.string(),
    sessionId: idSchema,
    email: z.string(),
    expiresAt: isoTimeSchema,
  }),
]);
export type CliLoginAnswer = z.infer<typeof cliLoginAnswerSchema>;

/** A code as a person may type it: with or without the hyphen, in any case. */
export const cliCodeSchema = z
  .string()
  .max(20)
  .transform((text) => text.toUpperCase().replace(/[^A-Z]/g, ''))
  .refine((text) => text.length === 8, 'eight letters');
export const cliLoginCodeSchema = z.strictObject({ code: cliCodeSchema });
export const cliLoginDecisionSchema = z.strictObject({ code: cliCodeSchema, confirm: z.boolean() });
export const cliLoginInfoSchema = z.object({
  /** What the command line says it is: untrusted text. */
  client: z.string(),
  address: z.string(),
  createdAt: isoTimeSchema,
  expiresAt: isoTimeSchema,
});
