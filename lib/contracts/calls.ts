import { z } from 'zod';
import { actionClassSchema, hexDigestSchema, idSchema, isoTimeSchema, tierSchema } from './shared-shapes.ts';

/** POST /api/v1/calls. `arguments` is parsed by the strict parser, not by this schema: only its presence is checked here. */
export const callBodySchema = z.strictObject({
  server: z.string().min(1).max(64),
  tool: z.string().min(1).max(128),
  arguments: z.record(z.string(), z.unknown()),
  session: z.string().min(1).max(200).optional(),
  onBehalfOf: z.string().min(1).max(200).optional(),
  reason: z.string().max(4000).optional(),
  /** A pending request of the same agent that this call takes the place of: it is superseded. */
  replaces: idSchema.optional(),
  wait: z.number().min(0).max(55).optional(),
  idempotencyKey: z.string().min(1).max(200).optional(),
});

/** Hold or refusal record: structuredContent of the `isError` result, and part of the decision API's body. */
export const holdRecordSchema = z.object({
  callId: idSchema,
  code: z.string(),
  decision: z.enum(['pending', 'deny']),
  state: z.string(),
  requestId: idSchema.optional(),
  expiresAt: isoTimeSchema.optional(),
  pollAfterMs: z.number().int().optional(),
  tier: tierSchema,
  actionClass: actionClassSchema,
  message: z.string(),
  next: z.string(),
});
export type HoldRecord = z.infer<typeof holdRecordSchema>;

/** Answer of POST and GET /api/v1/calls[/<callId>]. */
export const callAnswerSchema = z.object({
  callId: idSchema,
  decision: z.enum(['allow', 'deny', 'pending']),
  code: z.string(),
  state: z.string(),
  message: z.string(),
  next: z.string(),
  tier: tierSchema,
  actionClass: actionClassSchema,
  requestId: idSchema.optional(),
  expiresAt: isoTimeSchema.optional(),
  pollAfterMs: z.number().int().optional(),
  digest: hexDigestSchema,
  authorization: z.string().optional(),
});
export type CallAnswer = z.infer<typeof callAnswerSchema>;
export const outcomeBodySchema = z.strictObject({
  status: z.enum(['succeeded', 'failed']),
  durationMs: z.number().min(0),
  result: z.unknown().optional(),
  error: z.string().max(4000).optional(),
});

/** Answer of GET /api/v1/calls/tools: what an enforcement point may show of a server, as people accepted it. */
export const acceptedToolsSchema = z.object({
  items: z.array(z.object({ name: z.string(), description: z.string(), tier: tierSchema, class: actionClassSchema })),
});
