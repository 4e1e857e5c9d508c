// Server-only.
import type pg from 'pg';
import type { z } from 'zod';
import { type AgentQuarantine, joinQuarantines } from '#lib/core/identity/session-quarantine.ts';
import { compileRules } from '#lib/core/policies/compile.ts';
import { stricterTier } from '#lib/core/risk/types.ts';
import { publicSigningKey } from '../keys/token-signing.ts';
import { CONFIG_QUERIES, configRowSchemas } from './config-rows.ts';
import { observeRules } from './observe-rules.ts';
import { readsUntrusted } from './reads-untrusted.ts';
import type { Snapshot, SnapshotServer, SnapshotTool } from './snapshot.ts';

/**
 * Reads everything a verdict depends on, in one repeatable-read transaction, so that no snapshot mixes two versions.
 *
 * A tag that nobody set is never milder than its server's tier. Throws on a row that does not fit and on a standby:
 * the caller keeps what it has and, once the lease says that it is old, denies.
 */
export async function loadSnapshot(pool: pg.Pool): Promise<Snapshot> {
  const client = await pool.connect();
  let failed = true;
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const snapshot = await read(client);
    await client.query('COMMIT');
    failed = false;
    return snapshot;
  } finally {
    client.release(failed);
  }
}

async function read(client: pg.PoolClient): Promise<Snapshot> {
  const rowsOf = async <S extends z.ZodType>(sql: string, schema: S): Promise<z.infer<S>[]> =>
    (await client.query(sql)).rows.map((row) => schema.parse(row));

  const [head] = await rowsOf(CONFIG_QUERIES.head, configRowSchemas.head);
  if (head === undefined) throw new Error('config_head has no row: the database is not migrated.');
  if (head.standby) throw new Error('The database is a standby: configuration is read on the primary only.');
  const serverRows = await rowsOf(CONFIG_QUERIES.servers, configRowSchemas.server);
  const toolRows = await rowsOf(CONFIG_QUERIES.tools, configRowSchemas.tool);
  const agentRows = await rowsOf(CONFIG_QUERIES.agents, configRowSchemas.agent);
  const tokenRows = await rowsOf(CONFIG_QUERIES.tokens, configRowSchemas.token);
  const signingRows = await rowsOf(CONFIG_QUERIES.signingKeys, configRowSchemas.signingKey);
  const revokedRows = await rowsOf(CONFIG_QUERIES.revokedTokens, configRowSchemas.revokedToken);
  const quarantineRows = await rowsOf(CONFIG_QUERIES.quarantines, configRowSchemas.quarantine);
  const egressRows = await rowsOf(CONFIG_QUERIES.egress, configRowSchemas.egress);
  const askingRows = await rowsOf(CONFIG_QUERIES.asking, configRowSchemas.asking);
  const credentialRows = await rowsOf(CONFIG_QUERIES.credentials, configRowSchemas.credential);
  const [policy] = await rowsOf(CONFIG_QUERIES.policy, configRowSchemas.policy);
  const [settings] = await rowsOf(CONFIG_QUERIES.settings, configRowSchemas.settings);
  if (settings === undefined) throw new Error('settings has no row: the database is not migrated.');
  const observeRows = await rowsOf(CONFIG_QUERIES.observe, configRowSchemas.observe);
  const observe = observeRows.map((row) => ({
    scope: row.scope,
    ruleHash: row.rule_hash,
    endsAtMs: row.ends_at_ms,
  }));
  const rules = observeRules(policy?.rules ?? [], observe);

  const toolsOf = Map.groupBy(toolRows, (tool) => tool.server_id);
  const credentialOf = new Map(credentialRows.map((row) => [row.server_id, row]));
  const servers = new Map<string, SnapshotServer>();
  for (const row of serverRows) {
    const tools = new Map<string, SnapshotTool>();
    const neverAccepted = new Set<string>();
    for (const tool of toolsOf.get(row.id) ?? []) {
      if (tool.definition === null || tool.digest === null) {
        neverAccepted.add(tool.name);
        continue;
      }
      tools.set(tool.name, {
        id: tool.id,
        name: tool.name,
        definition: tool.definition,
        digest: tool.digest,
        // Two columns say "unchanged"; both must, so that one forgotten update cannot make a drifted tool callable.
        pinState: tool.pin_state === 'accepted' && tool.found_digest !== tool.digest ? 'drifted' : tool.pin_state,
        tier: tool.tagged ? tool.tier : stricterTier(row.tier, tool.tier),
        actionClass: tool.action_class,
        readsUntrusted: readsUntrusted(tool.definition, tool.action_class),
      });
    }
    const credential = credentialOf.get(row.id);
    servers.set(row.name, {
      id: row.id,
      name: row.name,
      transport: row.transport,
      url: row.url,
      argv: row.argv,
      configHash: row.config_hash,
      status: row.status,
      description: row.description,
      protocolVersion: row.protocol_version,
      credential:
        credential === undefined
          ? null
          : {
              id: credential.id,
              kind: credential.kind,
              version: credential.version,
              endsAtMs: credential.ends_at_ms,
              target: credential.kind === 'env' ? 'env' : 'headers',
            },
      proxyEpoch: row.proxy_epoch,
      tools,
      neverAccepted,
    });
  }
  return {
    version: head.version,
    policyVersion: policy?.version ?? 0,
    rules: compileRules(rules),
    rulesWithoutDenials: observe.some((window) => window.scope === 'control:policies')
      ? compileRules(rules.filter((rule) => rule.then !== 'deny'))
      : null,
    defaults: { undoHighS: settings.undo_high_s, freesAllowed: policy?.approved ?? false },
    observe,
    servers,
    agents: new Map(
      agentRows.map((row) => [
        row.id,
        {
          id: row.id,
          name: row.name,
          ownerId: row.owner_id,
          client: row.client,
          requestTimeoutMs: row.request_timeout_ms,
          pendingCap: row.pending_cap,
          aggregate: row.aggregate,
          tokenEpoch: row.token_epoch,
          keys: keyEnds(row.keys),
          servers: new Set(row.servers),
        },
      ]),
    ),
    tokens: new Map(
      tokenRows.map((row) => [
        row.token_hash,
        { agentId: row.agent_id, audience: row.audience, expiresAtMs: row.expires_at_ms, keyId: row.key_id },
      ]),
    ),
    signingKeys: new Map(
      signingRows.map((row) => [
        row.kid,
        publicSigningKey({
          kid: row.kid,
          jwk: row.jwk,
          signsFromMs: row.signs_from_ms,
          retiresAtMs: row.retires_at_ms,
        }),
      ]),
    ),
    revokedTokens: new Set(revokedRows.map((row) => row.jti)),
    quarantines: quarantinesOf(quarantineRows),
    egress: egressRows.map((row) => ({
      id: row.id,
      identity: row.identity,
      scheme: row.scheme,
      host: row.host,
      port: row.port,
      pathPrefix: row.path_prefix,
      cidr: row.cidr,
      tlsPin: row.tls_pin,
      clientCertificateId: row.client_certificate_id,
      clientCertificateVersion: row.client_certificate_version,
      expiresAt: row.expires_at_ms,
    })),
    asksFirstSeen: new Set(askingRows.map((row) => row.identity)),
  };
}

/** A key without an end goes on until it is revoked. */
function keyEnds(keys: Readonly<Record<string, number | null>>): ReadonlyMap<string, number> {
  return new Map(Object.entries(keys).map(([id, endsAtMs]) => [id, endsAtMs ?? Number.POSITIVE_INFINITY]));
}

function quarantinesOf(
  rows: readonly z.infer<typeof configRowSchemas.quarantine>[],
): ReadonlyMap<string, AgentQuarantine> {
  const quarantines = new Map<string, AgentQuarantine>();
  for (const [agentId, own] of Map.groupBy(rows, (row) => row.agent_id)) {
    const joined = joinQuarantines(own.map((row) => ({ session: row.session, others: row.others ?? [] })));
    if (joined !== undefined) quarantines.set(agentId, joined);
  }
  return quarantines;
}
