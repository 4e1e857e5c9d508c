import { z } from 'zod';
import { agentSummarySchema } from './agent-rows.ts';
import { holdProfileSchema, idSchema, isoTimeSchema, nameSchema, reasonSchema } from './shared-shapes.ts';

/** `auto`: fetched by the agent itself, and followed by the next one; otherwise an admin issued it. */
export const agentTokenSchema = z.object({
  id: idSchema,
  audience: z.string(),
  prefix: z.string(),
  auto: z.boolean(),
  createdAt: isoTimeSchema,
  expiresAt: isoTimeSchema,
  revokedAt: isoTimeSchema.nullable(),
});
/** `notAfter` is the end of an overlap: another key has taken over. `alg` is null for a secret. */
export const agentKeySchema = z.object({
  id: idSchema,
  kind: z.enum(['secret', 'jwk']),
  prefix: z.string(),
  alg: z.string().nullable(),
  thumbprint: z.string().nullable(),
  createdAt: isoTimeSchema,
  createdBy: z.string(),
  notAfter: isoTimeSchema.nullable(),
  lastUsedAt: isoTimeSchema.nullable(),
});
export type AgentKeyView = z.infer<typeof agentKeySchema>;
export const agentDetailSchema = agentSummarySchema.extend({
  tokens: z.array(agentTokenSchema),
  keys: z.array(agentKeySchema),
  gatewayUrl: z.string(),
  /** Those of `servers` that the gateway serves over MCP; the external ones are asked about at /api/v1/calls. */
  mcpServers: z.array(z.string()),
});
export type AgentDetail = z.infer<typeof agentDetailSchema>;

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
export const agentSecretSchema = z.object({
  id: idSchema,
  clientId: z.string(),
  clientSecret: z.string(),
  keyId: idSchema,
});
const MOST_OVERLAP_S = 86_400;
/** How long the old keys go on beside the new one: 0 ends them, and every token fetched with them, at once. */
export const overlapSchema = z.number().int().min(0).max(MOST_OVERLAP_S).default(3_600);
export const agentRotateSchema = z.strictObject({ overlapS: overlapSchema });
/** POST /agents/<id>/keys: a public key in JWK form; a private half is refused. With `overlapS` it takes over from the others. */
export const jwkAddSchema = z.strictObject({
  jwk: z.record(z.string(), z.json()),
  overlapS: z.number().int().min(0).max(MOST_OVERLAP_S).nullable().default(null),
});
export const jwkAddedSchema = z.object({ id: idSchema, keyId: idSchema, alg: z.string(), thumbprint: z.string() });

/** A session of an agent, as the log and the endpoints know it. The name is the agent's own text. */
export const agentSessionSchema = z.object({
  session: z.string(),
  /** `mcp`: the id that the gateway gave; `declared`: the agent's word; `none`: calls without a session. */
  kind: z.enum(['mcp', 'declared', 'none']),
  firstAt: isoTimeSchema,
  lastAt: isoTimeSchema,
  /** Null where the log does not tell: it names a session as the agent does, never by its connection. */
  calls: z.number().int().nullable(),
  pending: z.number().int(),
  tainted: z.boolean(),
  closed: z.boolean(),
  quarantine: z.object({ at: isoTimeSchema, by: z.string(), reason: z.string() }).nullable(),
});
export type AgentSession = z.infer<typeof agentSessionSchema>;
export const agentSessionsSchema = z.object({ items: z.array(agentSessionSchema), nextCursor: z.null() });
export const quarantineSchema = z.strictObject({ reason: reasonSchema });
/** Path parameters of a session: its name is the agent's own text, so it comes percent-encoded. */
export const sessionParamsSchema = z.object({ id: z.string().min(1).max(64), session: z.string().min(1).max(256) });

/** What an agent did in the last 30 days. */
export const agentUsageSchema = z.object({
  since: isoTimeSchema,
  tools: z.array(
    z.object({
      server: z.string(),
      tool: z.string(),
      calls: z.number().int(),
      refused: z.number().int(),
      asked: z.number().int(),
      lastAt: isoTimeSchema,
    }),
  ),
  approvals: z.object({
    asked: z.number().int(),
    approved: z.number().int(),
    denied: z.number().int(),
    expired: z.number().int(),
  }),
});
export type AgentUsage = z.infer<typeof agentUsageSchema>;
/** POST /agents/<id>/tokens: a static token; audience is "/mcp", "/mcp/<server>", "/api/v1/calls" or "/egress". */
export const tokenCreateSchema = z.strictObject({
  audience: z.string().regex(/^\/(mcp(\/[a-z0-9-]+)?|api\/v1\/calls|egress)$/),
  ttlS: z.number().int().min(60).max(86_400).default(86_400),
});
export const tokenSecretSchema = z.object({
  id: idSchema,
  token: z.string(),
  audience: z.string(),
  expiresAt: isoTimeSchema,
});
export const agentRevokeSchema = z.strictObject({ reason: reasonSchema });
