import { z } from 'zod';
import { NOTABLE_SORTS } from '#lib/core/inspect/notable-values.ts';
import { FIELD_KINDS } from '#lib/core/inspect/shape.ts';
import { hexDigestSchema, idSchema, isoTimeSchema } from './shared-shapes.ts';

const rateSchema = z.object({ asked: z.number().int(), approved: z.number().int() });

/** What could be read out of one field. Every text but `dangers` comes from the arguments. */
const fieldReportSchema = z.object({
  path: z.string(),
  kind: z.enum(FIELD_KINDS),
  /** Why it cannot be inspected; null = it was read whole. */
  why: z.string().nullable(),
  steps: z.array(
    z.object({
      lead: z.string(),
      words: z.array(z.object({ text: z.string(), computed: z.boolean() })),
      note: z.string().nullable(),
    }),
  ),
  moreSteps: z.number().int(),
  decoded: z.string().nullable(),
  dangers: z.array(z.string()),
});

/** A condition over the arguments, and what it says of these. `fields` are the values it names. */
const constraintSchema = z.object({
  name: z.string(),
  sentence: z.string(),
  condition: z.string().nullable(),
  outcome: z.enum(['true', 'false', 'error']).nullable(),
  fields: z.array(z.object({ path: z.string(), value: z.string().nullable() })),
});

/**
 * GET /api/v1/approvals/{id}/context: what helps to judge a request beside the request itself. Computed from what was
 * frozen and from the record; it decides nothing.
 */
export const approvalContextSchema = z.object({
  /** The request's digest: a context of another one is not shown. */
  digest: hexDigestSchema,
  inspection: z.object({
    fields: z.array(fieldReportSchema),
    /** Hosts whose letters may be meant to look like another host's. */
    hosts: z.array(z.object({ path: z.string(), host: z.string(), reason: z.string() })),
    skipped: z.number().int(),
  }),
  /** Values that no call let through in these days had; `calls` were looked through. */
  firstSeen: z.object({
    days: z.number().int(),
    calls: z.number().int(),
    values: z.array(
      z.object({ path: z.string(), sort: z.enum(NOTABLE_SORTS), value: z.string(), note: z.string().nullable() }),
    ),
  }),
  rules: z.array(constraintSchema),
  /** Live grants of this agent for this tool or class that did not cover the call. */
  grants: z.array(constraintSchema.extend({ id: idSchema, usesLeft: z.number().int() })),
  tag: z.object({ version: z.number().int(), at: isoTimeSchema.nullable(), by: z.string().nullable() }),
  consequence: z.object({
    blast: z.string(),
    reversal: z.enum(['yes', 'partly', 'no']),
    sentence: z.string(),
  }),
  /** Calls of the session before this one that read what strangers wrote, oldest first. */
  taintTrail: z.array(z.object({ callId: idSchema, at: isoTimeSchema, server: z.string(), tool: z.string() })),
  rates: z.object({ days: z.number().int(), tool: rateSchema, agent: rateSchema }),
});
export type ApprovalContext = z.infer<typeof approvalContextSchema>;

/** POST /api/v1/approvals/{id}/presence: says that one looks, and tells who else does. Blocks nobody. */
export const presenceAnswerSchema = z.object({
  viewers: z.array(z.object({ personId: idSchema, name: z.string(), since: isoTimeSchema, until: isoTimeSchema })),
});
export type Viewer = z.infer<typeof presenceAnswerSchema>['viewers'][number];
