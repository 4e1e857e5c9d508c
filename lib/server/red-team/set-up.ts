// Server-only. What a run attacks is made by an admin, once, and stands in the registry under its own name.
import { randomBytes } from 'node:crypto';
import { agentCreateSchema } from '#lib/contracts/agents.ts';
import { egressEntryInputSchema } from '#lib/contracts/egress-input.ts';
import type { Refusal } from '#lib/contracts/problems.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { WEEK_MS } from '#lib/core/red-team/schedule.ts';
import {
  CANARY_NAME,
  CANARY_USER,
  DRILL_AGENT,
  DRILL_CAP,
  LISTED_HOST,
  RED_TEAM_AGENT,
  SINK_SERVER,
  SINK_TOOLS,
  VAULT_SERVER,
  VAULT_URL,
} from '#lib/core/red-team/sink.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { createAgentIn } from '../agents/create-agent.ts';
import { recordEvent } from '../audit/record-event.ts';
import { addCredentialIn } from '../credentials/add-credential.ts';
import { type ConfigDeps, type ConfigWrite, refuse, writeConfig } from '../db/config-write.ts';
import { addEgressEntryIn } from '../egress/add-entry.ts';
import { changeServerIn } from '../servers/change-server.ts';
import { registerServerIn } from '../servers/register-server.ts';
import { sealSecrets } from './sealed-secrets.ts';

const REASON = 'Built in for the red team: the name leads nowhere.';

/**
 * Makes the attackers and what they attack, and switches the weekly run on: two agents that may use nothing else, a server
 * with declared tools and no upstream, and one that is switched off and holds the canary, at a name that never resolves.
 *
 * One transaction. Refuses when it stands already, and when one of the names is taken by something that is not ours. The
 * agents belong to whoever sets it up; nobody is asked about what they want.
 */
export function setUpRedTeam(deps: ConfigDeps, actor: HumanPrincipal): Promise<Result<true, Refusal>> {
  return writeConfig(deps, actor, (write) => setUpIn(write, actor));
}

async function setUpIn(write: ConfigWrite, actor: HumanPrincipal): Promise<Result<true, Refusal>> {
  const { tx, keys, now } = write;
  await tx.$executeRaw`SELECT 1 FROM red_team_settings WHERE id = 1 FOR UPDATE`;
  const before = await tx.redTeamSettings.findUniqueOrThrow({ where: { id: 1 } });
  if (before.setUpAt !== null) return refuse('conflict', 'The red team is set up already.');

  const sink = await registerServerIn(write, {
    transport: 'external',
    name: SINK_SERVER,
    tier: 'high',
    description: 'What the red team attacks. Nothing is behind it.',
    tools: [...SINK_TOOLS],
  });
  if (!sink.ok) return sink;
  const vault = await registerVault(write);
  if (!vault.ok) return vault;
  const red = await createAgentIn(
    write,
    agentCreateSchema.parse({ name: RED_TEAM_AGENT, pendingCap: 50, servers: [SINK_SERVER, VAULT_SERVER] }),
  );
  if (!red.ok) return red;
  const drill = await createAgentIn(
    write,
    agentCreateSchema.parse({ name: DRILL_AGENT, pendingCap: DRILL_CAP, servers: [SINK_SERVER] }),
  );
  if (!drill.ok) return drill;
  const wayOut = await addEgressEntryIn(write, entry({ identity: `agent:${RED_TEAM_AGENT}` }));
  if (!wayOut.ok) return wayOut;

  const who = auditActor(actor).name;
  const secrets = {
    red: { clientId: red.value.clientId, clientSecret: red.value.clientSecret },
    drill: { clientId: drill.value.clientId, clientSecret: drill.value.clientSecret },
    canary: vault.value.canary,
  };
  await tx.redTeamSettings.update({
    where: { id: 1 },
    data: {
      agentId: red.value.id,
      drillAgentId: drill.value.id,
      serverId: sink.value.id,
      vaultServerId: vault.value.id,
      sealed: sealSecrets(keys, secrets),
      setUpBy: who,
      setUpAt: now,
      enabled: true,
      scheduledSince: now,
      nextAt: new Date(now.getTime() + WEEK_MS),
      changedBy: who,
      changedAt: now,
    },
  });
  await recordEvent(tx, keys, {
    type: 'red-team.set-up',
    actor: auditActor(actor),
    server: SINK_SERVER,
    detail: { agent: RED_TEAM_AGENT, drillAgent: DRILL_AGENT, vault: VAULT_SERVER },
  });
  return ok(true);
}

async function registerVault(
  write: ConfigWrite,
): Promise<Result<{ readonly id: string; readonly canary: string }, Refusal>> {
  const made = await registerServerIn(write, {
    transport: 'http',
    name: VAULT_SERVER,
    url: VAULT_URL,
    tier: 'high',
    description: 'Holds the canary of the red team. Switched off.',
    egress: entry({ path: '/mcp' }),
  });
  if (!made.ok) return made;
  // Twice as long as a real one, and of letters that no encoding leaves alone.
  const canary = `canary/${randomBytes(30).toString('base64')}`;
  const kept = await addCredentialIn(write, {
    name: CANARY_NAME,
    server: VAULT_SERVER,
    config: { kind: 'basic', username: CANARY_USER },
    secret: canary,
    overlapMinutes: 0,
    reason: 'A secret that is good for nothing: whoever says it is caught.',
  });
  if (!kept.ok) return kept;
  const off = await changeServerIn(write, VAULT_SERVER, { status: 'disabled', reason: REASON });
  return off.ok ? ok({ id: made.value.id, canary }) : off;
}

function entry(more: { readonly identity?: string; readonly path?: string }) {
  return egressEntryInputSchema.parse({ scheme: 'https', host: LISTED_HOST, port: 443, reason: REASON, ...more });
}
