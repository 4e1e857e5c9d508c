import { z } from 'zod';
import { egressEntryInputSchema } from './egress-input.ts';
import { serverSummarySchema } from './server-rows.ts';
import {
  actionClassSchema,
  hexDigestSchema,
  idSchema,
  isoTimeSchema,
  nameSchema,
  reasonSchema,
  tierSchema,
} from './shared-shapes.ts';

export const pinStateSchema = z.enum(['new', 'accepted', 'drifted', 'missing']);
export type PinState = z.infer<typeof pinStateSchema>;

/** A tool as the console shows it. `definition` and everything in it is attacker text. */
export const toolSchema = z.object({
  id: idSchema,
  name: z.string(),
  definition: z.record(z.string(), z.unknown()),
  definitionDigest: hexDigestSchema,
  acceptedDigest: hexDigestSchema.nullable(),
  diff: z.array(z.object({ path: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
  pinState: pinStateSchema,
  tier: tierSchema,
  actionClass: actionClassSchema,
  suggestedTier: tierSchema,
  suggestedClass: actionClassSchema,
  suggestionReasons: z.array(z.string()),
  taggedBy: z.string().nullable(),
  tagReason: z.string().nullable(),
  acceptedBy: z.string().nullable(),
  acceptedAt: isoTimeSchema.nullable(),
});
export type Tool = z.infer<typeof toolSchema>;
export const serverDetailSchema = serverSummarySchema.extend({
  configHash: z.string(),
  serverInfo: z.record(z.string(), z.unknown()).nullable(),
  protocolVersion: z.string().nullable(),
  agents: z.array(z.string()),
  toolList: z.array(toolSchema),
});
export type ServerDetail = z.infer<typeof serverDetailSchema>;

/** A declared tool of an `external` server: the declaration is the pin. */
export const externalToolSchema = z.strictObject({
  name: z.string().min(1).max(128),
  class: actionClassSchema,
  tier: tierSchema.optional(),
  description: z.string().max(2000).default(''),
  reason: z.string().max(500).optional(),
});

/**
 * POST /servers. Without the egress entry the server needs, the answer is 409 `egress-entry-needed` with
 * `needs: EgressEntryInput` (reason prefilled); the same call with `egress` set adds both in one transaction.
 */
export const serverCreateSchema = z.discriminatedUnion('transport', [
  z.strictObject({
    transport: z.literal('http'),
    name: nameSchema,
    url: z.url(),
    tier: tierSchema.default('high'),
    description: z.string().max(500).default(''),
    egress: egressEntryInputSchema.optional(),
  }),
  z.strictObject({
    transport: z.literal('stdio'),
    name: nameSchema,
    /** The name of a command; never a program. */
    command: nameSchema,
    tier: tierSchema.default('high'),
    description: z.string().max(500).default(''),
  }),
  z.strictObject({
    transport: z.literal('external'),
    name: nameSchema,
    tier: tierSchema.default('high'),
    description: z.string().max(500).default(''),
    tools: z.array(externalToolSchema).min(1).max(200),
  }),
]);
export type ServerCreate = z.infer<typeof serverCreateSchema>;
export const serverPatchSchema = z.strictObject({
  tier: tierSchema.optional(),
  status: z.enum(['active', 'disabled']).optional(),
  description: z.string().max(500).optional(),
  url: z.url().optional(),
  reason: reasonSchema,
  egress: egressEntryInputSchema.optional(),
});
export type ServerPatch = z.infer<typeof serverPatchSchema>;

/** PATCH /servers/<id>/tools/<tool>: tag with a reason, or accept exactly the digest shown. */
export const toolPatchSchema = z
  .strictObject({
    tier: tierSchema.optional(),
    class: actionClassSchema.optional(),
    reason: reasonSchema.optional(),
    acceptPin: hexDigestSchema.optional(),
  })
  .refine((b) => b.acceptPin !== undefined || b.reason !== undefined, 'a tag change needs a reason');
export type ToolPatch = z.infer<typeof toolPatchSchema>;
/** POST /servers/<id>/accept: accepts exactly the definitions that were shown. */
export const acceptBodySchema = z.strictObject({
  tools: z
    .array(z.strictObject({ name: z.string(), digest: hexDigestSchema }))
    .min(1)
    .max(1000),
});
export const stdioCommandsSchema = z.object({
  items: z.array(z.object({ name: z.string(), argv: z.array(z.string()) })),
});
