import { z } from 'zod';

export const LIVE_TOPICS = [
  'approval',
  'approvals',
  'kill-switch',
  'servers',
  'agents',
  'credentials',
  'egress',
  'people',
  'policies',
  'grants',
  'exceptions',
  'incidents',
  'audit',
  'beat',
] as const;
/**
 * A hint on namespace /live, event "hint": something changed, refetch it over HTTP. Never data.
 * `id` is the row's id or "*"; `version` the row's version where it has one, else a growing number.
 * topic "beat" comes every 3 s: the browser shows "stale since" when two are missed.
 */
export const hintSchema = z.object({ topic: z.enum(LIVE_TOPICS), id: z.string(), version: z.number() });
export type Hint = z.infer<typeof hintSchema>;
