// Client-safe. The rollout over four weeks: what was seen of each step, and which control is in observe.
import { z } from 'zod';
import { CONTROL_IDS } from '#lib/core/rollout/controls.ts';
import { idSchema, isoTimeSchema, roleSchema } from './shared-shapes.ts';

const count = z.number().int().nonnegative();

const stepSchema = z.object({
  id: z.string(),
  title: z.string(),
  state: z.enum(['done', 'partial', 'open', 'not-applicable']),
  /** What was seen, in figures. */
  evidence: z.string(),
  /** The page that proves it. */
  proof: z.string(),
  /** What to do, where, and who may; null = nothing is left. */
  next: z.object({ text: z.string(), act: z.string(), href: z.string(), roles: z.array(roleSchema) }).nullable(),
});

const windowSchema = z.object({
  id: idSchema,
  scope: z.string(),
  /** False: it waits for its second person. */
  running: z.boolean(),
  openedBy: z.string(),
  openedAt: isoTimeSchema,
  confirmedBy: z.string().nullable(),
  endsAt: isoTimeSchema.nullable(),
  minutes: count,
});

/** GET /api/v1/rollout. `week` counts from 1 and goes past 4; `of` leaves out the steps that do not apply here. */
export const rolloutSchema = z.object({
  startedAt: isoTimeSchema,
  week: z.number().int().positive(),
  weeks: z
    .array(
      z.object({
        week: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
        title: z.string(),
        done: count,
        of: count,
        steps: z.array(stepSchema),
      }),
    )
    .length(4),
  controls: z.array(
    z.object({
      id: z.enum(CONTROL_IDS),
      title: z.string(),
      mode: z.enum(['enforced', 'partly', 'observed', 'off']),
      evidence: z.string(),
      proof: z.string(),
      /** What of it can be put in observe; none: it always enforces. */
      scopes: z.array(z.string()),
      windows: z.array(windowSchema),
    }),
  ),
  serverTime: isoTimeSchema,
});
export type Rollout = z.infer<typeof rolloutSchema>;

const average = z.number().nonnegative();
const holdsSchema = z.object({ now: average, enforced: average, high: average, mediumAndHigh: average });

/** GET /api/v1/rollout/forecast. The zone is the reader's: hours of the day are those of people, not of a server. */
export const forecastQuerySchema = z.object({ zone: z.string().min(1).max(64).default('UTC') });
/**
 * Requests an hour: as things are, with nothing in observe, and under two plain policies. Averages stand on the hours that
 * the record covers; `enough` says whether they are worth something yet.
 */
export const forecastSchema = z.object({
  zone: z.string(),
  work: z.object({ from: count, to: count }),
  calls: count,
  /** The oldest call that was counted; null = there was none. */
  since: isoTimeSchema.nullable(),
  countedAt: isoTimeSchema,
  /** There were more calls than are read; the newest were. */
  truncated: z.boolean(),
  reviewers: count,
  enough: z.enum(['yes', 'few-calls', 'few-hours']),
  workingHours: count,
  /** An average hour from Monday to Friday, within `work`. */
  working: holdsSchema,
  totals: holdsSchema,
  hours: z.array(holdsSchema.extend({ hour: count })).length(24),
});
export type RolloutForecast = z.infer<typeof forecastSchema>;
