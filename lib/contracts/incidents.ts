// Client-safe. Incidents: what somebody must look at, what was done about it, and the steps that help.
import { z } from 'zod';
import { INCIDENT_KINDS, SEVERITIES } from '#lib/core/incidents/kinds.ts';
import { INCIDENT_STATES } from '#lib/core/incidents/states.ts';
import { idSchema, isoTimeSchema, pageOf, reasonSchema } from './shared-shapes.ts';

export const incidentKindSchema = z.enum(INCIDENT_KINDS);
export const severitySchema = z.enum(SEVERITIES);

/** open: what is not resolved, drills too · resolved: what was real and is over · drills: all of them. */
export const incidentFolderSchema = z.enum(['open', 'resolved', 'drills']);
export type IncidentFolder = z.infer<typeof incidentFolderSchema>;
export const incidentsQuerySchema = z.object({
  folder: incidentFolderSchema.default('open'),
  cursor: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type IncidentsQuery = z.infer<typeof incidentsQuerySchema>;

/** Names and ids by which the console finds again what it is about. Names are text of others. */
const subjectSchema = z.record(z.string(), z.string());

export const incidentSchema = z.object({
  id: idSchema,
  kind: incidentKindSchema,
  severity: severitySchema,
  title: z.string(),
  detail: z.string(),
  subject: subjectSchema,
  /** An exercise. */
  drill: z.boolean(),
  state: z.enum(INCIDENT_STATES),
  /** What ends it. */
  closes: z.enum(['person', 'evidence']),
  version: z.number().int(),
  /** How often it was signalled. */
  count: z.number().int(),
  /** One more with every reopening. */
  round: z.number().int(),
  openedAt: isoTimeSchema,
  /** Of a drill: who began it. */
  openedBy: z.string().nullable(),
  lastSeenAt: isoTimeSchema,
  acknowledgedAt: isoTimeSchema.nullable(),
  /** Who has it. */
  acknowledgedBy: z.string().nullable(),
  mine: z.boolean(),
  resolvedAt: isoTimeSchema.nullable(),
  /** Null with a resolution: by evidence. */
  resolvedBy: z.string().nullable(),
  resolution: z.string().nullable(),
});
export type Incident = z.infer<typeof incidentSchema>;

export const incidentsPageSchema = pageOf(incidentSchema).extend({
  counts: z.object({ open: z.number().int(), acknowledged: z.number().int(), drills: z.number().int() }),
  /** The newest drill that somebody ran to its end. */
  lastDrillAt: isoTimeSchema.nullable(),
  serverTime: isoTimeSchema,
});
export type IncidentsPage = z.infer<typeof incidentsPageSchema>;

const stepActionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('open'), text: z.string(), href: z.string() }),
  z.object({ kind: z.literal('kill'), text: z.string(), scope: z.string() }),
  z.object({ kind: z.literal('quarantine'), text: z.string(), agent: z.string(), session: z.string() }),
  z.object({ kind: z.literal('revoke-token'), text: z.string(), agent: z.string(), token: z.string() }),
]);
export type IncidentStepAction = z.infer<typeof stepActionSchema>;

const stepSchema = z.object({
  id: z.string(),
  title: z.string(),
  why: z.string(),
  action: stepActionSchema.nullable(),
  /** Since it was opened, or reopened. */
  done: z.object({ at: isoTimeSchema, by: z.string() }).nullable(),
});
export type IncidentStep = z.infer<typeof stepSchema>;

export const incidentEventSchema = z.object({
  id: z.string(),
  at: isoTimeSchema,
  kind: z.enum(['opened', 'signal', 'reopened', 'acknowledged', 'step', 'note', 'log', 'resolved']),
  by: z.string(),
  /** The title of the step that was done. */
  step: z.string().nullable(),
  /** Of a signal what was seen; else what a person wrote. */
  words: z.string().nullable(),
});
export type IncidentEvent = z.infer<typeof incidentEventSchema>;

export const incidentDetailSchema = incidentSchema.extend({
  steps: z.array(stepSchema),
  /** Oldest first. */
  events: z.array(incidentEventSchema),
  /** Why the reader may not resolve it, as a sentence; null = may. */
  resolveBar: z.string().nullable(),
  serverTime: isoTimeSchema,
});
export type IncidentDetail = z.infer<typeof incidentDetailSchema>;

export const incidentTakeSchema = z.strictObject({ takeOver: z.boolean().default(false) });
export const incidentResolveSchema = z.strictObject({ reason: reasonSchema });
export const incidentNoteSchema = z.strictObject({ words: z.string().trim().min(1).max(2_000) });
export const drillBodySchema = z.strictObject({ kind: incidentKindSchema });
