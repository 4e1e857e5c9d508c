// Server-only. Credentials as the console shows them. Nothing here can read a secret: the sealed bytes are not selected.
import { z } from 'zod';
import {
  type CredentialStatus,
  type CredentialsList,
  type CredentialView,
  credentialKindSchema,
} from '#lib/contracts/credentials.ts';
import { daysLeft, isEnded, REMINDER_DAYS, SECRET_STATES } from '#lib/core/credentials/kinds.ts';
import { databaseNow, type Tx } from '../db/tx.ts';

const DAY_MS = 86_400_000;
const MOST_RETIRED = 50;
const MOST = 10_000;
const texts = z.record(z.string(), z.string());
const states = z.enum(SECRET_STATES);
const hookSchema = z.object({ kind: z.enum(['webhook', 'command']), url: z.string().optional() }).nullable();
const SHOWN = {
  id: true,
  version: true,
  state: true,
  publicJwk: true,
  createdAt: true,
  notAfter: true,
} as const;

/** All live credentials by name, and the newest retired ones. */
export async function listCredentials(tx: Tx): Promise<CredentialsList> {
  const live = await readViews(tx, { retiredAt: null });
  const retired = await readViews(tx, { retiredAt: { not: null } }, MOST_RETIRED);
  return { items: [...live, ...retired], serverTime: (await databaseNow(tx)).toISOString() };
}

/** One credential, or null. */
export async function viewCredential(tx: Tx, id: string): Promise<CredentialView | null> {
  return (await readViews(tx, { id }))[0] ?? null;
}

type Where = { id?: string; retiredAt?: null | { not: null } };

async function readViews(tx: Tx, where: Where, take = MOST): Promise<CredentialView[]> {
  const now = (await databaseNow(tx)).getTime();
  const rows = await tx.credential.findMany({
    where,
    include: { secrets: { select: SHOWN, orderBy: { version: 'desc' }, take: 20 } },
    orderBy: [{ retiredAt: 'desc' }, { name: 'asc' }],
    take,
  });
  const servers = await tx.server.findMany({
    where: { id: { in: rows.map((row) => row.serverId) } },
    include: { agents: { include: { agent: { select: { name: true, status: true } } } } },
  });
  const serverOf = new Map(servers.map((server) => [server.id, server]));
  const creators = await tx.person.findMany({
    where: { id: { in: rows.flatMap((row) => (row.createdBy === null ? [] : [row.createdBy])) } },
    select: { id: true, name: true },
  });
  const creatorOf = new Map(creators.map((person) => [person.id, person.name]));
  return rows.flatMap((row) => {
    const server = serverOf.get(row.serverId);
    if (server === undefined) return [];
    const endsAtMs = row.endsAt?.getTime() ?? null;
    const { kind: _kind, ...publicConfig } = texts.parse(row.config);
    const keyOf = (state: string) => {
      const key = row.secrets.find((secret) => secret.state === state)?.publicJwk;
      return key === null || key === undefined ? null : texts.parse(key);
    };
    const hook = hookSchema.parse(row.hook);
    const lastError = row.rotationError ?? row.lastError;
    return [
      {
        id: row.id,
        name: row.name,
        server: server.name,
        serverId: server.id,
        kind: credentialKindSchema.parse(row.kind),
        status: statusOf({ retired: row.retiredAt !== null, endsAtMs, nowMs: now, lastError: row.lastError }),
        publicConfig,
        publicJwk: keyOf('current'),
        nextPublicJwk: keyOf('next'),
        createdAt: row.createdAt.toISOString(),
        createdBy: row.createdBy === null ? null : (creatorOf.get(row.createdBy) ?? null),
        rotatedAt: row.rotatedAt?.toISOString() ?? null,
        endsAt: row.endsAt?.toISOString() ?? null,
        ageDays: Math.max(0, Math.floor((now - (row.rotatedAt ?? row.createdAt).getTime()) / DAY_MS)),
        daysLeft: daysLeft(endsAtMs, now),
        lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
        overlapMinutes: row.overlapMinutes,
        rotateEveryDays: row.rotateEveryDays,
        nextRotationAt: row.nextRotationAt?.toISOString() ?? null,
        hook: hook === null ? null : { kind: hook.kind, url: hook.url ?? null },
        lastError,
        versions: row.secrets.map((secret) => ({
          version: secret.version,
          state: states.parse(secret.state),
          createdAt: secret.createdAt.toISOString(),
          notAfter: secret.notAfter?.toISOString() ?? null,
        })),
        migrationOnly: row.migrationOnly,
        personalToken: row.personalToken,
        bound: row.configHash === server.configHash,
        serverConfigHash: server.configHash,
        usedBy: server.agents.flatMap(({ agent }) => (agent.status === 'active' ? [agent.name] : [])).toSorted(),
      },
    ];
  });
}

function statusOf(facts: {
  readonly retired: boolean;
  readonly endsAtMs: number | null;
  readonly nowMs: number;
  readonly lastError: string | null;
}): CredentialStatus {
  const { retired, endsAtMs, nowMs, lastError } = facts;
  if (retired) return 'retired';
  if (isEnded(endsAtMs, nowMs)) return 'ended';
  if (lastError !== null) return 'failed';
  return endsAtMs !== null && endsAtMs - nowMs <= REMINDER_DAYS[0] * DAY_MS ? 'ending' : 'active';
}
