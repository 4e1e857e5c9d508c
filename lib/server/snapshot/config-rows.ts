// Server-only. The rows a snapshot is read from, parsed at the edge: a row that does not fit stops the load.
import { z } from 'zod';
import { credentialKindSchema } from '#lib/contracts/credentials.ts';
import { ruleSchema } from '#lib/contracts/policies.ts';
import { pinStateSchema } from '#lib/contracts/servers.ts';
import { actionClassSchema, holdProfileSchema, tierSchema, transportSchema } from '#lib/contracts/shared-shapes.ts';
import type { JsonObject } from '#lib/core/json/value.ts';
import type { Rule } from '#lib/core/policies/rule.ts';
import { publishedJwkSchema } from '../keys/token-signing.ts';

const jsonObject = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

const headRow = z.object({ version: z.coerce.bigint(), standby: z.boolean() });
const serverRow = z.object({
  id: z.string(),
  name: z.string(),
  transport: transportSchema,
  url: z.string().nullable(),
  argv: z.array(z.string()).nullable(),
  config_hash: z.string(),
  status: z.enum(['active', 'disabled']),
  tier: tierSchema,
  description: z.string(),
  protocol_version: z.string().nullable(),
  proxy_epoch: z.coerce.number(),
});
const toolRow = z.object({
  id: z.string(),
  server_id: z.string(),
  name: z.string(),
  definition: jsonObject.nullable(),
  digest: z.string().nullable(),
  found_digest: z.string(),
  pin_state: pinStateSchema,
  tier: tierSchema,
  action_class: actionClassSchema,
  tagged: z.boolean(),
});
const agentRow = z.object({
  id: z.string(),
  name: z.string(),
  owner_id: z.string(),
  client: holdProfileSchema,
  request_timeout_ms: z.number().int().nullable(),
  pending_cap: z.number().int(),
  aggregate: z.boolean(),
  token_epoch: z.number().int(),
  servers: z.array(z.string()),
  keys: z.record(z.string(), z.number().nullable()),
});
const signingKeyRow = z.object({
  kid: z.string(),
  jwk: publishedJwkSchema,
  signs_from_ms: z.coerce.number(),
  retires_at_ms: z.coerce.number().nullable(),
});
const revokedTokenRow = z.object({ jti: z.string() });
const quarantineRow = z.object({ agent_id: z.string(), session: z.string(), others: z.array(z.string()).nullable() });
const tokenRow = z.object({
  agent_id: z.string(),
  audience: z.string(),
  token_hash: z.string(),
  expires_at_ms: z.coerce.number(),
  key_id: z.string().nullable(),
});
const egressRow = z.object({
  id: z.string(),
  identity: z.string(),
  scheme: z.enum(['http', 'https']),
  host: z.string(),
  port: z.number().int(),
  path_prefix: z.string(),
  cidr: z.string().nullable(),
  tls_pin: z.string().nullable(),
  client_certificate_id: z.string().nullable(),
  client_certificate_version: z.number().int().nullable(),
  expires_at_ms: z.coerce.number().nullable(),
});
const credentialRow = z.object({
  id: z.string(),
  server_id: z.string(),
  kind: credentialKindSchema,
  version: z.number().int(),
  ends_at_ms: z.coerce.number().nullable(),
});
const askingRow = z.object({ identity: z.string() });
const names = z.array(z.string());
/** A rule as versions before the policy language stored it: names and times were held to less. */
const olderRuleSchema = z.strictObject({
  name: z.string().min(1).max(64),
  when: z.strictObject({
    agents: names.optional(),
    servers: names.optional(),
    tools: names.optional(),
    tiers: z.array(tierSchema).optional(),
    classes: z.array(actionClassSchema).optional(),
  }),
  // biome-ignore lint/suspicious/noThenProperty: the word of countersign.yaml; a rule is never awaited.
  then: z.enum(['allow', 'hold', 'deny']),
  quorum: z.number().int().min(1).max(20).optional(),
  expiresInS: z.number().int().min(1).max(86_400).optional(),
});
/** What a stored rule must look like; one bad rule refuses the whole version, because half a policy is another policy. */
export const storedRulesSchema: z.ZodType<readonly Rule[]> = z.array(z.union([ruleSchema, olderRuleSchema]));
const policyRow = z.object({ version: z.number().int(), rules: storedRulesSchema, approved: z.boolean() });
const settingsRow = z.object({ undo_high_s: z.number().int().min(0) });
const observeRow = z.object({ scope: z.string(), rule_hash: z.string().nullable(), ends_at_ms: z.coerce.number() });

export const configRowSchemas = {
  head: headRow,
  server: serverRow,
  tool: toolRow,
  agent: agentRow,
  token: tokenRow,
  signingKey: signingKeyRow,
  revokedToken: revokedTokenRow,
  quarantine: quarantineRow,
  egress: egressRow,
  asking: askingRow,
  credential: credentialRow,
  policy: policyRow,
  settings: settingsRow,
  observe: observeRow,
};

export const CONFIG_QUERIES = {
  head: 'SELECT version, pg_is_in_recovery() AS standby FROM config_head WHERE id = 1',
  servers: `SELECT s.id, s.name, s.transport, s.url, c.argv, s.config_hash, s.status, s.tier, s.description, s.protocol_version,
    CASE s.transport WHEN 'stdio' THEN proxy_epoch_of(s.id) ELSE 0 END AS proxy_epoch
    FROM servers s LEFT JOIN stdio_commands c ON c.name = s.command_name`,
  tools: `SELECT id, server_id, name, accepted_definition AS definition, accepted_digest AS digest,
    definition_digest AS found_digest, pin_state, tier, action_class, tagged_at IS NOT NULL AS tagged
    FROM tools ORDER BY name`,
  agents: `SELECT a.id, a.name, a.owner_id, a.client, a.request_timeout_ms, a.pending_cap, a.aggregate, a.status, a.token_epoch,
    coalesce((SELECT array_agg(s.name) FROM agent_servers x JOIN servers s ON s.id = x.server_id WHERE x.agent_id = a.id), '{}') AS servers,
    coalesce((SELECT json_object_agg(k.id, extract(epoch FROM k.not_after) * 1000) FROM agent_keys k WHERE k.agent_id = a.id
      AND k.revoked_at IS NULL), '{}') AS keys
    FROM agents a WHERE a.status = 'active'`,
  // Ended ones too, as long as a call can be held: `identify` refuses them, and what they asked for still waits.
  tokens: `SELECT agent_id, audience, token_hash, key_id, extract(epoch FROM expires_at) * 1000 AS expires_at_ms
    FROM agent_tokens WHERE revoked_at IS NULL AND expires_at > clock_timestamp() - interval '25 hours'`,
  signingKeys: `SELECT kid, jwk, extract(epoch FROM signs_from) * 1000 AS signs_from_ms,
    extract(epoch FROM retires_at) * 1000 AS retires_at_ms
    FROM signing_keys WHERE retires_at IS NULL OR retires_at > clock_timestamp() ORDER BY signs_from`,
  // Every row there is: a held call outlives its token, and a revocation that was forgotten with it would be taken back.
  revokedTokens: 'SELECT jti FROM revoked_access_tokens',
  quarantines: 'SELECT agent_id, session, others FROM session_quarantines WHERE lifted_at IS NULL',
  // An entry lasts no longer than the certificate that it shows: open connections end with either.
  egress: `SELECT e.id, identity, scheme, host, port, path_prefix, cidr, tls_pin, client_certificate_id,
    (SELECT s.version FROM credential_secrets s WHERE s.credential_id = c.id AND s.state = 'current') AS client_certificate_version,
    extract(epoch FROM least(expires_at, c.ends_at, c.retired_at)) * 1000 AS expires_at_ms
    FROM egress_entries e LEFT JOIN credentials c ON c.id = e.client_certificate_id
    WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > clock_timestamp())
    ORDER BY e.created_at, e.id`,
  asking: `SELECT identity FROM egress_identities WHERE on_first_seen = 'ask'`,
  credentials: `SELECT c.id, c.server_id, c.kind, coalesce(s.version, 0) AS version, extract(epoch FROM c.ends_at) * 1000 AS ends_at_ms
    FROM credentials c LEFT JOIN credential_secrets s ON s.credential_id = c.id AND s.state = 'current'
    WHERE c.retired_at IS NULL AND c.kind <> 'client-certificate'`,
  policy: `SELECT version, rules, frees_allowed AS approved
    FROM policy_versions WHERE status = 'published' ORDER BY version DESC LIMIT 1`,
  settings: 'SELECT undo_high_s FROM settings WHERE id = 1',
  observe: `SELECT scope, rule_hash, extract(epoch FROM ends_at) * 1000 AS ends_at_ms FROM observe_windows
    WHERE ended_at IS NULL AND starts_at <= clock_timestamp() AND ends_at > clock_timestamp()`,
} as const;
