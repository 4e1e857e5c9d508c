import { z } from 'zod';
import { holdProfileSchema, isoTimeSchema } from './shared-shapes.ts';

/** GET /api/v1/welcome: what of the first hour is done, each step with what proves it; null = not yet. */
export const welcomeSchema = z.object({
  /** The person who asks has put the list aside. */
  dismissed: z.boolean(),
  /** The server that was registered last, and over all servers how many tools are accepted or wait to be looked at. */
  server: z
    .object({ name: z.string(), at: isoTimeSchema, accepted: z.number().int(), waiting: z.number().int() })
    .nullable(),
  /** The active agent that was made last. */
  agent: z
    .object({
      name: z.string(),
      at: isoTimeSchema,
      client: holdProfileSchema,
      servers: z.number().int(),
      lastSeenAt: isoTimeSchema.nullable(),
    })
    .nullable(),
  /** The first call there ever was, by what became of it. Server and tool are names that others chose. */
  firstCall: z
    .object({
      at: isoTimeSchema,
      agent: z.string(),
      server: z.string(),
      tool: z.string(),
      fate: z.enum(['ran', 'waited', 'refused']),
      callId: z.string(),
    })
    .nullable(),
  firstVote: z
    .object({ at: isoTimeSchema, by: z.string(), decision: z.enum(['approve', 'deny']), requestId: z.string() })
    .nullable(),
  policy: z.object({ version: z.number().int(), at: isoTimeSchema, rules: z.number().int() }).nullable(),
  /** A passkey of the person who asks. */
  passkey: z.object({ name: z.string(), at: isoTimeSchema }).nullable(),
  people: z.object({ reviewers: z.number().int(), invited: z.number().int() }),
  /** The last stop that was restored again. */
  drill: z.object({ scope: z.string(), at: isoTimeSchema }).nullable(),
  serverTime: isoTimeSchema,
});
export type Welcome = z.infer<typeof welcomeSchema>;

export const welcomePatchSchema = z.strictObject({ dismissed: z.boolean() });
