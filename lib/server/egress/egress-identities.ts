import type { EgressIdentities, OnFirstSeen } from '#lib/contracts/egress.ts';
import { GATEWAY_IDENTITY, NOTIFICATIONS_IDENTITY } from '#lib/core/egress/entries-for.ts';
import { auditActor, personIdOf } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { endOpenRequests } from '../approvals/end-open-requests.ts';
import { recordEvent } from '../audit/record-event.ts';
import { ASK_TOOL, EGRESS_SERVER_ID } from '../calls/egress-server.ts';
import { bumpConfig } from '../db/config-head.ts';
import { type ConfigDeps, type ConfigRefusal, type ConfigWrite, refuse, writeConfig } from '../db/config-write.ts';
import type { Tx } from '../db/tx.ts';
import { checkIdentity } from './check-identity.ts';

const LIMIT = 1000;
const AGENT = 'agent:';

/** Every identity that has entries, tried something, or has a setting of its own, with what happens to unlisted destinations. */
export async function listEgressIdentities(tx: Tx): Promise<EgressIdentities> {
  const rows = await tx.$queryRaw<{ identity: string; asks: boolean; entries: number }[]>`
    SELECT n.identity, coalesce(i.on_first_seen = 'ask', false) AS asks,
      (SELECT count(*)::int FROM egress_entries e WHERE e.identity = n.identity AND e.revoked_at IS NULL
        AND (e.expires_at IS NULL OR e.expires_at > clock_timestamp())) AS entries
    FROM (SELECT 'gateway' AS identity UNION SELECT identity FROM egress_identities
      UNION SELECT identity FROM egress_entries WHERE revoked_at IS NULL
      UNION SELECT DISTINCT identity FROM egress_attempts) n
    LEFT JOIN egress_identities i ON i.identity = n.identity
    ORDER BY n.identity <> 'gateway', n.identity LIMIT ${LIMIT}`;
  return {
    items: rows.map(({ identity, asks, entries }) => ({ identity, onFirstSeen: asks ? 'ask' : 'deny', entries })),
  };
}

/** Sets whether a human is asked about unlisted destinations of an agent or a stdio server. */
export async function setOnFirstSeen(
  deps: ConfigDeps,
  actor: ConfigActor,
  identity: string,
  onFirstSeen: OnFirstSeen,
): Promise<Result<EgressIdentities, ConfigRefusal>> {
  return writeConfig<EgressIdentities, ConfigRefusal>(deps, actor, async (write) => {
    const set = await setOnFirstSeenIn(write, identity, onFirstSeen);
    return set.ok ? ok(await listEgressIdentities(write.tx)) : set;
  });
}

/**
 * The same inside a larger transaction; answers whether anything changed. Taken back, it ends what waits and what was
 * granted meanwhile. Refuses the gateway's own identity: nobody
 * could be asked on behalf of every agent at once.
 */
export async function setOnFirstSeenIn(
  write: ConfigWrite,
  identity: string,
  onFirstSeen: OnFirstSeen,
): Promise<Result<{ readonly changed: boolean }, ConfigRefusal>> {
  const { tx, keys, actor, now } = write;
  if (identity === GATEWAY_IDENTITY) return refuse('invalid-request', 'The gateway itself is always denied.');
  if (identity === NOTIFICATIONS_IDENTITY) return refuse('invalid-request', 'Notifications are always denied.');
  const known = await checkIdentity(tx, identity);
  if (!known.ok) return known;
  await tx.$queryRaw`SELECT identity FROM egress_identities WHERE identity = ${identity} FOR UPDATE`;
  const before = await tx.egressIdentity.findUnique({ where: { identity } });
  if ((before?.onFirstSeen ?? 'deny') === onFirstSeen) return ok({ changed: false });
  const data = { onFirstSeen, changedBy: personIdOf(actor), changedAt: now };
  await tx.egressIdentity.upsert({ where: { identity }, create: { identity, ...data }, update: data });
  await recordEvent(tx, keys, {
    type: 'egress.identity-changed',
    actor: auditActor(actor),
    detail: { identity, onFirstSeen },
  });
  if (onFirstSeen === 'deny') await endWaiting(write, identity);
  await bumpConfig(tx, 'egress', identity);
  return ok({ changed: true });
}

/** What waits would be decided by people who are not to be asked any more, and what they granted would open on. */
async function endWaiting({ tx, keys, actor }: ConfigWrite, identity: string): Promise<void> {
  if (!identity.startsWith(AGENT)) return;
  const agent = await tx.agent.findUnique({ where: { name: identity.slice(AGENT.length) }, select: { id: true } });
  if (agent === null) return;
  const asked = { agentId: agent.id, serverId: EGRESS_SERVER_ID, toolName: ASK_TOOL };
  await endOpenRequests(tx, keys, actor, { kind: 'asked-no-more', ...asked });
}
