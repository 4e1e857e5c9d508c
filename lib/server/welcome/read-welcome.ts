// Server-only.
import type { Welcome } from '#lib/contracts/welcome.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { wireProfile } from '../agents/agent-view.ts';
import type { Database } from '../db/prisma.ts';
import type { Tx } from '../db/tx.ts';
import { databaseNow } from '../db/tx.ts';

/** What of the first hour is done, each step with what proves it. The log's part lags by the sequencer's flush. */
export async function readWelcome(database: Database, principal: HumanPrincipal): Promise<Welcome> {
  const [dismissal, server, agent, firstCall, firstVote, policy, passkey, people, drill, now] = await Promise.all([
    database.welcomeDismissal.findUnique({ where: { personId: principal.id } }),
    readServer(database),
    readAgent(database),
    readFirstCall(database),
    readFirstVote(database),
    readPolicy(database),
    readPasskey(database, principal.id),
    readPeople(database),
    readDrill(database),
    databaseNow(database),
  ]);
  const serverTime = now.toISOString();
  const dismissed = dismissal !== null;
  return { dismissed, server, agent, firstCall, firstVote, policy, passkey, people, drill, serverTime };
}

/** Puts the list aside for one person, or takes it out again; doing it twice changes nothing. */
export async function dismissWelcome(tx: Tx, principal: HumanPrincipal, dismissed: boolean): Promise<void> {
  await (dismissed
    ? tx.$executeRaw`INSERT INTO welcome_dismissals (person_id) VALUES (${principal.id}::uuid) ON CONFLICT DO NOTHING`
    : tx.$executeRaw`DELETE FROM welcome_dismissals WHERE person_id = ${principal.id}::uuid`);
}

async function readServer(tx: Tx): Promise<Welcome['server']> {
  const rows = await tx.$queryRaw<{ name: string; at: Date; accepted: number; waiting: number }[]>`
    SELECT s.name, s.created_at AS at, t.accepted, t.waiting FROM servers s,
      (SELECT (count(*) FILTER (WHERE pin_state = 'accepted'))::int AS accepted,
        (count(*) FILTER (WHERE pin_state IN ('new', 'drifted')))::int AS waiting FROM tools) t
    WHERE s.status = 'active' ORDER BY s.created_at DESC LIMIT 1`;
  const row = rows[0];
  return row === undefined ? null : { ...row, at: row.at.toISOString() };
}

async function readAgent(tx: Tx): Promise<Welcome['agent']> {
  const row = await tx.agent.findFirst({
    where: { status: 'active' },
    orderBy: { createdAt: 'desc' },
    include: { _count: { select: { servers: true } } },
  });
  if (row === null) return null;
  return {
    name: row.name,
    at: row.createdAt.toISOString(),
    client: wireProfile(row.client),
    servers: row._count.servers,
    lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
  };
}

/** By their places in the log, which is an index: the first one is found after few entries, however long the log is. */
async function readFirstCall(tx: Tx): Promise<Welcome['firstCall']> {
  const rows = await tx.$queryRaw<
    { at: Date; type: string; agent: string | null; server: string | null; tool: string | null; call_id: string }[]
  >`SELECT at, type, agent, server, tool, call_id FROM audit_entries
    WHERE type IN ('call.intent', 'call.refused', 'request.opened') AND call_id IS NOT NULL ORDER BY seq LIMIT 1`;
  const row = rows[0];
  if (row === undefined) return null;
  const { at, type, agent, server, tool, call_id: callId } = row;
  const fate = type === 'call.intent' ? 'ran' : type === 'request.opened' ? 'waited' : 'refused';
  return { at: at.toISOString(), agent: agent ?? '', server: server ?? '', tool: tool ?? '', fate, callId };
}

async function readFirstVote(tx: Tx): Promise<Welcome['firstVote']> {
  const row = await tx.vote.findFirst({ orderBy: { castAt: 'asc' }, include: { person: { select: { name: true } } } });
  if (row === null) return null;
  return { at: row.castAt.toISOString(), by: row.person.name, decision: row.decision, requestId: row.requestId };
}

async function readPolicy(tx: Tx): Promise<Welcome['policy']> {
  const rows = await tx.$queryRaw<{ version: number; at: Date; rules: number }[]>`
    SELECT version, published_at AS at, jsonb_array_length(rules)::int AS rules FROM policy_versions
    WHERE status = 'published' AND published_at IS NOT NULL AND jsonb_array_length(rules) > 0
    ORDER BY version DESC LIMIT 1`;
  const row = rows[0];
  return row === undefined ? null : { ...row, at: row.at.toISOString() };
}

async function readPasskey(tx: Tx, personId: string): Promise<Welcome['passkey']> {
  const row = await tx.passkey.findFirst({ where: { personId, revokedAt: null }, orderBy: { createdAt: 'desc' } });
  return row === null ? null : { name: row.name, at: row.createdAt.toISOString() };
}

async function readPeople(tx: Tx): Promise<Welcome['people']> {
  const rows = await tx.$queryRaw<Welcome['people'][]>`
    SELECT (SELECT count(*)::int FROM people WHERE status = 'active' AND 'reviewer' = ANY(roles)) AS reviewers,
      (SELECT count(*)::int FROM one_time_links
        WHERE kind = 'invite' AND used_at IS NULL AND expires_at > clock_timestamp()) AS invited`;
  return rows[0] ?? { reviewers: 0, invited: 0 };
}

async function readDrill(tx: Tx): Promise<Welcome['drill']> {
  const row = await tx.killRestore.findFirst({
    where: { completedAt: { not: null } },
    orderBy: { completedAt: 'desc' },
  });
  return row === null || row.completedAt === null ? null : { scope: row.scope, at: row.completedAt.toISOString() };
}
