// Client-safe. How reviewers decide, and what they make of requests that nobody should approve.
import { z } from 'zod';
import { idSchema, isoTimeSchema, nameSchema } from './shared-shapes.ts';

const count = z.number().int().nonnegative();

/** A share of few cases with its 95 % interval. */
const shareSchema = z.object({
  hits: count,
  of: count,
  share: z.number().nullable(),
  low: z.number(),
  high: z.number(),
});
export type ShareView = z.infer<typeof shareSchema>;

/** One person's decisions in the last 30 days. Plants are counted apart from the rest. */
const figuresSchema = z.object({
  personId: idSchema,
  name: z.string(),
  approved: count,
  denied: count,
  approveRate: shareSchema,
  /** From first opened to voted; null while nothing is measured. */
  medianDwellS: z.number().nullable(),
  /** Votes with a measured time, and votes without the request ever having been opened. */
  measured: count,
  unopened: count,
  /** Approvals that a colleague denied or vetoed, or whose call then failed. */
  overturned: shareSchema,
  plants: shareSchema,
  /** Nearly everything approved nearly unread, over the last seven days. */
  nudge: z.boolean(),
  lastWeek: z.object({ decisions: count, approved: count, medianDwellS: z.number().nullable() }),
});
export type CalibrationFigures = z.infer<typeof figuresSchema>;

/** A plant that was judged. */
const plantSchema = z.object({
  id: idSchema,
  requestId: idSchema.nullable(),
  pattern: z.string(),
  why: z.string(),
  outcome: z.enum(['caught', 'missed', 'expired', 'void']),
  /** Why a void one says nothing. */
  voidBecause: z.string().nullable(),
  openedAt: isoTimeSchema.nullable(),
  judgedAt: isoTimeSchema,
  votes: z.array(
    z.object({ personId: idSchema, name: z.string(), caught: z.boolean(), dwellS: z.number().nullable() }),
  ),
});
export type PlantView = z.infer<typeof plantSchema>;

const calibrationSettingsSchema = z.object({
  enabled: z.boolean(),
  perWeek: z.number().int(),
  /** What the sink is called in the registry; null until it is first switched on. */
  server: nameSchema.nullable(),
  changedBy: z.string().nullable(),
  changedAt: isoTimeSchema.nullable(),
});

/** GET /api/v1/calibration: for security and admins. Which requests are planted now is in no answer. */
export const calibrationSchema = z.object({
  settings: calibrationSettingsSchema,
  people: z.array(figuresSchema),
  overall: shareSchema,
  plants: z.array(plantSchema),
  /** Planned or waiting, without saying which or when. */
  ahead: count,
  days: z.number().int(),
  serverTime: isoTimeSchema,
});
export type Calibration = z.infer<typeof calibrationSchema>;

/** PATCH /api/v1/calibration. */
export const calibrationPatchSchema = z.object({
  enabled: z.boolean().optional(),
  perWeek: z.number().int().min(1).max(20).optional(),
  server: nameSchema.optional(),
});
export type CalibrationPatch = z.infer<typeof calibrationPatchSchema>;

/** POST /api/v1/calibration/plants: one more, at a random moment from now on. */
export const plantBodySchema = z.object({ withinMinutes: z.number().int().min(0).max(10_080).default(60) });
export const plantedSchema = z.object({ ahead: count });

/** GET /api/v1/calibration/own: what is held about the person who asks, and plants they have not been told of yet. */
export const ownCalibrationSchema = z.object({
  figures: figuresSchema.nullable(),
  untold: z.array(plantSchema.omit({ votes: true }).extend({ caught: z.boolean() })),
  enabled: z.boolean(),
  days: z.number().int(),
  serverTime: isoTimeSchema,
});
export type OwnCalibration = z.infer<typeof ownCalibrationSchema>;
export const toldBodySchema = z.object({ plantIds: z.array(idSchema).min(1).max(50) });
