// Server-only. What a policy is held against when it is linted and compared: today's registry and today's people.

import { actionClassSchema } from '#lib/contracts/shared-shapes.ts';
import type { Tier } from '#lib/core/risk/types.ts';
import { type ActionClass, stricterTier } from '#lib/core/risk/types.ts';
import { databaseNow, type Tx } from '../db/tx.ts';
import { readBoundWindows } from '../observe/bound-windows.ts';
import type { JudgedIn } from './judge-rules.ts';

export type KnownTool = {
  readonly server: string;
  readonly tool: string;
  readonly tier: Tier;
  readonly actionClass: ActionClass;
};

/** Every tool of the registry with the tags it is decided by: one that nobody tagged is never milder than its server. */
export async function readKnownTools(tx: Tx): Promise<readonly KnownTool[]> {
  const rows = await tx.tool.findMany({
    orderBy: [{ serverId: 'asc' }, { name: 'asc' }],
    select: {
      name: true,
      tier: true,
      actionClass: true,
      taggedAt: true,
      server: { select: { name: true, tier: true } },
    },
  });
  return rows.map((row) => ({
    server: row.server.name,
    tool: row.name,
    tier: row.taggedAt === null ? stricterTier(row.server.tier, row.tier) : row.tier,
    actionClass: actionClassSchema.parse(row.actionClass),
  }));
}

/** The world that rules are judged in. `frees` counts as effective: that is what is being judged. */
export async function readWorld(tx: Tx): Promise<JudgedIn> {
  const [agents, tools, people, settings, now] = [
    await tx.agent.findMany({ where: { status: 'active' }, select: { name: true }, orderBy: { name: 'asc' } }),
    await readKnownTools(tx),
    await tx.person.findMany({
      where: { status: 'active', roles: { has: 'reviewer' } },
      select: { groups: true },
    }),
    await tx.settings.findUniqueOrThrow({ where: { id: 1 }, select: { undoHighS: true } }),
    await databaseNow(tx),
  ];
  const groups = new Map<string, number>();
  for (const person of people) {
    for (const group of new Set(person.groups)) groups.set(group, (groups.get(group) ?? 0) + 1);
  }
  return {
    agents: agents.map((agent) => agent.name),
    tools,
    groups,
    reviewers: people.length,
    defaults: { undoHighS: settings.undoHighS, freesAllowed: true },
    nowMs: now.getTime(),
    windows: await readBoundWindows(tx),
  };
}
