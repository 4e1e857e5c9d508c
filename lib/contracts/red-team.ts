// Client-safe. Runs of the red team, what came of each scenario, and the gaps that somebody accepted.
import { z } from 'zod';
import { STANDINGS } from '#lib/core/red-team/compare.ts';
import { VERDICTS } from '#lib/core/red-team/judge.ts';
import { FAMILIES } from '#lib/core/red-team/scenario.ts';
import { MOST_GAP_DAYS } from '#lib/core/red-team/schedule.ts';
import { idSchema, isoTimeSchema, reasonSchema } from './shared-shapes.ts';

const count = z.number().int().nonnegative();
const familySchema = z.enum(FAMILIES);
const lightSchema = z.enum(['green', 'amber', 'red']);

const runSchema = z.object({
  id: idSchema,
  state: z.enum(['waiting', 'running', 'finished', 'broken-off']),
  cause: z.enum(['person', 'schedule', 'change']),
  askedBy: z.string(),
  askedAt: isoTimeSchema,
  startedAt: isoTimeSchema.nullable(),
  finishedAt: isoTimeSchema.nullable(),
  build: z.string().nullable(),
  policyVersion: z.number().int().nullable(),
  /** Progress: so many of so many are played. */
  played: count,
  planned: count,
  light: lightSchema.nullable(),
  held: count.nullable(),
  counted: count.nullable(),
  /** Whether the deliberate failure was noticed. */
  tripped: z.boolean().nullable(),
  /** Why it was broken off. */
  trouble: z.string().nullable(),
});
export type RedTeamRunView = z.infer<typeof runSchema>;

const observationSchema = z.object({
  effect: z.enum(['allowed', 'held', 'blocked', 'unanswered']),
  code: z.string().nullable(),
  status: z.number().int().nullable(),
  callId: z.string().nullable(),
  recorded: z.boolean().nullable(),
});

/** What came of one scenario; what was sent and expected is in the catalogue, which every client has. */
const resultSchema = z.object({
  scenario: z.string(),
  family: familySchema,
  verdict: z.enum(VERDICTS),
  standing: z.enum(STANDINGS),
  observed: z.array(observationSchema),
  durationMs: count,
  at: isoTimeSchema,
});
export type RedTeamResultView = z.infer<typeof resultSchema>;

const gapSchema = z.object({
  id: idSchema,
  scenario: z.string(),
  reason: z.string(),
  acceptedBy: z.string(),
  acceptedAt: isoTimeSchema,
  until: isoTimeSchema,
});
export type RedTeamGapView = z.infer<typeof gapSchema>;

const trendWeekSchema = z.object({
  start: isoTimeSchema,
  runs: count,
  held: count.nullable(),
  of: count.nullable(),
  percent: z.number().int().nullable(),
});

/** GET /api/v1/red-team: how it stands. Everybody who is signed in may look. */
export const redTeamSchema = z.object({
  setUp: z.object({ by: z.string(), at: isoTimeSchema }).nullable(),
  schedule: z.object({
    enabled: z.boolean(),
    nextAt: isoTimeSchema.nullable(),
    changedBy: z.string().nullable(),
    changedAt: isoTimeSchema.nullable(),
  }),
  /** The one that is under way. */
  open: runSchema.nullable(),
  /** The last one that was finished, with everything that came of it. */
  latest: z.object({ run: runSchema, results: z.array(resultSchema) }).nullable(),
  trend: z.array(trendWeekSchema),
  gaps: z.array(gapSchema),
  serverTime: isoTimeSchema,
});
export type RedTeam = z.infer<typeof redTeamSchema>;

/** PATCH /api/v1/red-team: the weekly run, and the one after a change. */
export const redTeamPatchSchema = z.strictObject({ enabled: z.boolean() });
export type RedTeamPatch = z.infer<typeof redTeamPatchSchema>;

export const redTeamRunsQuerySchema = z.object({ cursor: z.string().optional() });
export const redTeamRunsSchema = z.object({ items: z.array(runSchema), nextCursor: z.string().nullable() });
export const redTeamRunDetailSchema = z.object({
  run: runSchema,
  /** Of those before it, the one it is compared with. */
  previousId: idSchema.nullable(),
  results: z.array(resultSchema),
  gaps: z.array(gapSchema),
  serverTime: isoTimeSchema,
});
export type RedTeamRunDetail = z.infer<typeof redTeamRunDetailSchema>;
export const runAskedSchema = z.object({ id: idSchema });

/** POST /api/v1/red-team/gaps: what is open is accepted, for a reason and until a day. */
export const gapBodySchema = z.strictObject({
  scenario: z.string().min(1).max(64),
  reason: reasonSchema,
  days: z.number().int().min(1).max(MOST_GAP_DAYS),
});
export type GapBody = z.infer<typeof gapBodySchema>;
