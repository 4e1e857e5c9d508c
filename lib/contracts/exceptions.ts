// Observe windows, break-glass and delegations: every way in which people put a rule aside for a while.
import { z } from 'zod';
import { idSchema, isoTimeSchema, reasonSchema } from './shared-shapes.ts';

/** control:approvals (holds pass) | control:policies (denies of rules pass) | control:arguments (schema) | rule:<n> | server:<n> */
export const observeScopeSchema = z
  .string()
  .max(64)
  .regex(/^(control:(approvals|policies|arguments)|rule:[a-z0-9-]+|server:[a-z0-9-]+)$/);
export const observeWindowSchema = z.object({
  id: idSchema,
  scope: z.string(),
  reason: z.string(),
  minutes: z.number().int(),
  openedBy: z.string(),
  openedByMe: z.boolean(),
  openedAt: isoTimeSchema,
  confirmedBy: z.string().nullable(),
  /** In a solo install: not before. */
  confirmableAt: isoTimeSchema.nullable(),
  startsAt: isoTimeSchema.nullable(),
  endsAt: isoTimeSchema.nullable(),
  endedAt: isoTimeSchema.nullable(),
  wouldHold: z.number().int(),
  wouldDeny: z.number().int(),
});
export const observeListSchema = z.object({ items: z.array(observeWindowSchema), serverTime: isoTimeSchema });
export type ObserveList = z.infer<typeof observeListSchema>;
/** At most 30 days; at most 7 where it covers high-tier shell, money, IAM or secrets. */
export const observeOpenSchema = z.strictObject({
  scope: observeScopeSchema,
  minutes: z.number().int().min(1).max(43_200),
  reason: reasonSchema,
});
export const observeConfirmSchema = z.strictObject({ password: z.string().max(200).optional() });

export const breakGlassSchema = z.object({
  enabled: z.boolean(),
  group: z.string(),
  /** Whether the reader may open one now, with the sentence when not. */
  mayOpen: z.object({ allowed: z.boolean(), sentence: z.string() }),
  sessions: z.array(
    z.object({
      id: idSchema,
      person: z.string(),
      mine: z.boolean(),
      reason: z.string(),
      ticket: z.string(),
      openedAt: isoTimeSchema,
      endsAt: isoTimeSchema,
      endedAt: isoTimeSchema.nullable(),
      active: z.boolean(),
      decisions: z.number().int(),
      reviewDue: isoTimeSchema,
      reviewedBy: z.string().nullable(),
      reviewNote: z.string().nullable(),
      overdue: z.boolean(),
    }),
  ),
  serverTime: isoTimeSchema,
});
export type BreakGlass = z.infer<typeof breakGlassSchema>;
export const breakGlassOpenSchema = z.strictObject({
  reason: reasonSchema,
  ticket: z.string().trim().min(1).max(100),
  minutes: z.number().int().min(1).max(15),
  assertion: z.unknown(),
});
/** POST /api/v1/break-glass/challenge: the passkey signs exactly these. */
export const breakGlassTermsSchema = breakGlassOpenSchema.omit({ assertion: true });
export const breakGlassReviewSchema = z.strictObject({ note: reasonSchema });
export const settingsSchema = z.object({
  undoHighS: z.number().int(),
  breakGlassEnabled: z.boolean(),
  breakGlassGroup: z.string(),
});
export const settingsPatchSchema = z.strictObject({
  undoHighS: z.number().int().min(0).max(3_600).optional(),
  breakGlassEnabled: z.boolean().optional(),
  breakGlassGroup: z.string().trim().min(1).max(64).optional(),
  reason: reasonSchema,
});

export const delegationSchema = z.object({
  id: idSchema,
  from: z.string(),
  fromId: idSchema,
  to: z.string(),
  toId: idSchema,
  reason: z.string(),
  startsAt: isoTimeSchema,
  endsAt: isoTimeSchema,
  revokedAt: isoTimeSchema.nullable(),
  active: z.boolean(),
});
export const delegationsSchema = z.object({ items: z.array(delegationSchema), serverTime: isoTimeSchema });
export type Delegations = z.infer<typeof delegationsSchema>;
/** POST /api/v1/delegations: of one's own votes; at most 14 days. */
export const delegationCreateSchema = z.strictObject({
  toId: idSchema,
  startsAt: isoTimeSchema.optional(),
  endsAt: isoTimeSchema,
  reason: reasonSchema,
});
