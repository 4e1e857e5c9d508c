// Client-safe. What is kept how long, the installation's keys without their secrets, and what runs here.
import { z } from 'zod';
import { idSchema, isoTimeSchema, reasonSchema } from './shared-shapes.ts';

/** Simulations look thirty days back: what they read must not be gone. */
export const SHORTEST_RETENTION_DAYS = 30;
export const LONGEST_RETENTION_DAYS = 3650;
const daysSchema = z.number().int().min(SHORTEST_RETENTION_DAYS).max(LONGEST_RETENTION_DAYS);

export const retentionChangeSchema = z.object({
  id: idSchema,
  /** Null: for ever. */
  payloadDays: z.number().int().nullable(),
  payloadDaysBefore: z.number().int().nullable(),
  reason: z.string(),
  /** `waiting`: two people agreed, and it takes effect at `effectiveAt`; until then one person may take it back. */
  state: z.enum(['proposed', 'waiting', 'in-force', 'over', 'withdrawn']),
  proposedBy: z.string(),
  proposedByMe: z.boolean(),
  proposedAt: isoTimeSchema,
  /** From when its own author may approve it, alone; null: never. */
  aloneFrom: isoTimeSchema.nullable(),
  decidedBy: z.string().nullable(),
  decidedAt: isoTimeSchema.nullable(),
  effectiveAt: isoTimeSchema.nullable(),
});
export type RetentionChange = z.infer<typeof retentionChangeSchema>;

/** Counted up to `MOST_COUNTED`; more is said as that many. */
const heldSchema = z.object({
  payloads: z.number().int(),
  requests: z.number().int(),
  bytes: z.number(),
  oldestAt: isoTimeSchema.nullable(),
  newestAt: isoTimeSchema.nullable(),
  /** Whether there are more than were counted. */
  more: z.boolean(),
});
export const retentionSchema = z.object({
  /** Sealed arguments and results; null: for ever. */
  payloadDays: z.number().int().nullable(),
  /** The change that waits for a second person or for its time, if there is one. */
  open: retentionChangeSchema.nullable(),
  history: z.array(retentionChangeSchema),
  held: heldSchema,
  serverTime: isoTimeSchema,
});
export type Retention = z.infer<typeof retentionSchema>;
/** GET /settings/retention/preview: what a rule of so many days would erase now. */
export const retentionPreviewQuerySchema = z.object({ days: z.coerce.number().pipe(daysSchema) });
export const retentionPreviewSchema = heldSchema.extend({ before: isoTimeSchema });
export type RetentionPreview = z.infer<typeof retentionPreviewSchema>;
export const retentionProposeSchema = z.strictObject({ payloadDays: daysSchema.nullable(), reason: reasonSchema });
export const retentionApproveSchema = z.strictObject({ password: z.string().max(200).optional() });

/** GET /settings/keys: ages and names; every key here is public or a fingerprint. */
export const keysSchema = z.object({
  log: z.object({
    origin: z.string(),
    /** What a stranger verifies with. */
    vkey: z.string(),
    /** The oldest signed head: the key is at least that old. */
    firstSignedAt: isoTimeSchema.nullable(),
    lastSignedAt: isoTimeSchema.nullable(),
  }),
  signing: z.object({
    items: z.array(
      z.object({
        kid: z.string(),
        state: z.enum(['next', 'signing', 'believed']),
        publishedAt: isoTimeSchema,
        signsFrom: isoTimeSchema,
        retiresAt: isoTimeSchema.nullable(),
      }),
    ),
    signsForDays: z.number().int(),
    nextRotationAt: isoTimeSchema.nullable(),
  }),
  master: z.object({
    /** A hash of it: of 256 random bits that tells nothing. */
    fingerprint: z.string(),
    secrets: z.number().int(),
    wrapped: z.number().int(),
    /** Wraps under other master keys: a re-wrap that was begun and not finished. */
    others: z.array(z.object({ fingerprint: z.string(), wrapped: z.number().int() })),
  }),
  serverTime: isoTimeSchema,
});
export type InstallationKeys = z.infer<typeof keysSchema>;

/** GET /about: what runs here and how it is. */
export const aboutSchema = z.object({
  parts: z.array(z.object({ name: z.string(), version: z.string() })),
  gatewayUrl: z.string(),
  consoleUrl: z.string(),
  database: z.object({ answeredInMs: z.number(), bytes: z.number(), connections: z.number().int() }),
  processes: z.array(
    z.object({
      id: idSchema,
      kind: z.string(),
      state: z.enum(['up', 'silent', 'stopped']),
      startedAt: isoTimeSchema,
      lastSeenAt: isoTimeSchema,
      /** Whether it has taken the newest configuration in; null where that is not its business. */
      isCurrent: z.boolean().nullable(),
    }),
  ),
  log: z.object({
    size: z.string(),
    /** Events without a number yet. */
    waiting: z.number().int(),
    oldestWaitingMs: z.number().nullable(),
    lastSignedAt: isoTimeSchema.nullable(),
  }),
  serverTime: isoTimeSchema,
});
export type About = z.infer<typeof aboutSchema>;

/** GET /about/licences: what the build was made with; `built` false where none was written (`npm run dev`). */
export const licencesSchema = z.object({
  built: z.boolean(),
  items: z.array(z.object({ name: z.string(), version: z.string(), licence: z.string() })),
});
export type Licences = z.infer<typeof licencesSchema>;
