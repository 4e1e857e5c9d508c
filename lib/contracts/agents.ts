import { z } from 'zod';
import { holdProfileSchema, idSchema, isoTimeSchema, nameSchema, pageOf, reasonSchema } from './shared-shapes.ts';

export const agentTokenSchema = z.object({
  id: idSchema,
  audience: z.string(),
  prefix: z.string(),
  createdAt: isoTimeSchema,
  expiresAt: isoTimeSchema,
  revokedAt: isoTimeSchema.nullable(),
});
export const agentSummarySchema = z.object({
  id: idSchema,
  name: nameSchema,
  owner: z.object({ id: idSchema, name: z.string() }),
  client: holdProfileSchema,
  requestTimeoutMs: z.number().int().nullable(),
  pendingCap: z.number().int(),
  aggregate: z.boolean(),
  status: z.enum(['active', 'revoked']),
  servers: z.array(z.string()),
  clientId: z.string(),
  createdAt: isoTimeSchema,
  lastSeenAt: isoTimeSchema.nullable(),
  pending: z.number().int(),
});
export type AgentSummary = z.infer<typeof agentSummarySchema>;
export const agentDetailSchema = agentSummarySchema.extend({
  tokens: z.array(agentTokenSchema),
  gatewayUrl: z.string(),
  /** Those of `servers` that the gateway serves over MCP; the external ones are asked about at /api/v1/calls. */
  mcpServers: z.array(z.string()),
});
export type AgentDetail = z.infer<typeof agentDetailSchema>;
export const agentsPageSchema = pageOf(agentSummarySchema);

export const agentCreateSchema = z.strictObject({
  name: nameSchema,
  ownerId: idSchema.optional(),
  client: holdProfileSchema.default('sdk'),
  requestTimeoutMs: z.number().int().min(1000).max(86_400_000).nullable().default(null),
  pendingCap: z.number().int().min(1).max(1000).default(20),
  servers: z.array(nameSchema).default([]),
  aggregate: z.boolean().default(false),
});
export type AgentCreate = z.infer<typeof agentCreateSchema>;
/** Without the defaults of a creation: `partial()` keeps them, and a patch of one member would then reset all others. */
export const agentPatchSchema = z.strictObject({
  ownerId: idSchema.optional(),
  client: holdProfileSchema.optional(),
  requestTimeoutMs: z.number().int().min(1000).max(86_400_000).nullable().optional(),
  pendingCap: z.number().int().min(1).max(1000).optional(),
  servers: z.array(nameSchema).optional(),
  aggregate: z.boolean().optional(),
});
export type AgentPatch = z.infer<typeof agentPatchSchema>;
/** Answer of create and rotate: the secret is shown this once. */
export const agentSecretSchema = z.object({ id: idSchema, clientId: z.string(), clientSecret: z.string() });
/** POST /agents/<id>/tokens: a static token; audience is "/mcp", "/mcp/<server>" or "/api/v1/calls". */
export const tokenCreateSchema = z.strictObject({
  audience: z.string().regex(/^\/(mcp(\/[a-z0-9-]+)?|api\/v1\/calls)$/),
  ttlS: z.number().int().min(60).max(86_400).default(86_400),
});
export const tokenSecretSchema = z.object({
  id: idSchema,
  token: z.string(),
  audience: z.string(),
  expiresAt: isoTimeSchema,
});
export const agentRevokeSchema = z.strictObject({ reason: reasonSchema });
