// Client-safe. What the first page shows, and its figures over a range: what its charts are drawn from.
import { z } from 'zod';
import { RANGE_NAMES } from '#lib/core/statistics/ranges.ts';
import { isoTimeSchema, tierSchema } from './shared-shapes.ts';

const count = z.number().int().nonnegative();
const byTier = z.object({ high: count, medium: count, low: count });

export const statisticsQuerySchema = z.object({ range: z.enum(RANGE_NAMES).default('24h') });

/** GET /api/v1/statistics. Every series has all columns of the range, quiet ones with zeros. */
export const statisticsSchema = z.object({
  range: z.enum(RANGE_NAMES),
  bucketS: z.number().int().positive(),
  flow: z.array(
    z.object({
      at: isoTimeSchema,
      /** Calls asked for, whatever became of them; a refused one may have no tier of its own. */
      calls: byTier.extend({ untiered: count }),
      /** Decisions of people, by the tier of the call. */
      decisions: byTier,
      held: count,
      refused: count,
      approved: count,
      denied: count,
      expired: count,
    }),
  ),
  /** From asked to decided, of the requests that people decided in a column; null where there was none. */
  waits: z.array(
    z.object({
      at: isoTimeSchema,
      decided: count,
      p50S: z.number().nullable(),
      p90S: z.number().nullable(),
      p99S: z.number().nullable(),
    }),
  ),
  /** Votes of each person, most first. Minutes of others are for security and admins. */
  reviewers: z.array(
    z.object({
      personId: z.uuid(),
      name: z.string(),
      approved: count,
      denied: count,
      minutes: z.number().nonnegative().nullable(),
    }),
  ),
  /** What people decided about, most first. */
  tools: z.array(z.object({ server: z.string(), tool: z.string(), approved: count, denied: count })),
  /** How many further tools are not listed. */
  moreTools: count,
  /** Everybody's together; null where less one's own it would be another's, for whoever may not see that. */
  minutes: z
    .object({
      /** From first opened to voted, each at most fifteen minutes. */
      total: z.number().nonnegative(),
      /** Votes that the sum is made of, and votes of people who never opened the request. */
      measured: count,
      unopened: count,
    })
    .nullable(),
  /** Entries of the log that are not counted yet. */
  behind: count,
  serverTime: isoTimeSchema,
});
export type Statistics = z.infer<typeof statisticsSchema>;

/** GET /api/v1/overview: what the first page shows. */
export const overviewSchema = z.object({
  pending: z.object({
    total: z.number().int(),
    high: z.number().int(),
    oldestRequestedAt: isoTimeSchema.nullable(),
    soonestExpiresAt: isoTimeSchema.nullable(),
  }),
  last24h: z.object({
    calls: z.number().int(),
    allowed: z.number().int(),
    held: z.number().int(),
    denied: z.number().int(),
    medianDecisionS: z.number().nullable(),
  }),
  servers: z.object({
    low: z.number().int(),
    medium: z.number().int(),
    high: z.number().int(),
    disabled: z.number().int(),
    toolsWaiting: z.number().int(),
    drifted: z.number().int(),
    /** Active servers by their tier, with tools of theirs that changed and tools that nobody accepted yet. */
    byTier: z.array(
      z.object({
        tier: tierSchema,
        servers: z.number().int(),
        drifted: z.number().int(),
        waiting: z.number().int(),
      }),
    ),
  }),
  agents: z.object({ active: z.number().int(), revoked: z.number().int() }),
  /** The last red-team run that was finished. */
  redTeam: z
    .object({
      light: z.enum(['green', 'amber', 'red']),
      held: z.number().int(),
      counted: z.number().int(),
      at: isoTimeSchema,
    })
    .nullable(),
  log: z.object({ size: z.string(), waiting: z.number().int(), lastCheckpointAt: isoTimeSchema.nullable() }),
  setUp: z.object({
    hasServer: z.boolean(),
    hasAcceptedTool: z.boolean(),
    hasAgent: z.boolean(),
    hasCall: z.boolean(),
    hasVote: z.boolean(),
  }),
  serverTime: isoTimeSchema,
});
export type Overview = z.infer<typeof overviewSchema>;
