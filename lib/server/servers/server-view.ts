import type { ServerSummary } from '#lib/contracts/server-rows.ts';
import type { ServerDetail, Tool as WireTool } from '#lib/contracts/servers.ts';
import type { ListQuery } from '#lib/contracts/shared-shapes.ts';
import { canonicalJson } from '#lib/core/json/canonical.ts';
import type { JsonValue } from '#lib/core/json/value.ts';
import { isActionClass } from '#lib/core/risk/types.ts';
import { diffDefinition } from '#lib/core/servers/definition.ts';
import type { Tx } from '../db/tx.ts';
import type { Server, Tool } from '../generated/prisma/client.ts';
import { findServer } from './find-server.ts';
import { storedDefinition } from './stored-definition.ts';

/** One page of servers by name; the cursor is the last name shown. */
export async function listServers(
  tx: Tx,
  query: ListQuery,
): Promise<{ items: ServerSummary[]; nextCursor: string | null }> {
  const { cursor, limit } = query;
  const rows = await tx.server.findMany({
    where: cursor === undefined ? {} : { name: { gt: cursor } },
    orderBy: { name: 'asc' },
    take: limit + 1,
  });
  const items = await summaries(tx, rows.slice(0, limit));
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.name ?? null) : null };
}

/** One server by id or name with all its tools, or null. Everything in a tool is text of whoever runs the server. */
export async function readServer(tx: Tx, idOrName: string): Promise<ServerDetail | null> {
  const row = await findServer(tx, idOrName);
  if (row === null) return null;
  const [summary] = await summaries(tx, [row]);
  if (summary === undefined) return null;
  const tools = await tx.tool.findMany({ where: { serverId: row.id }, orderBy: { name: 'asc' } });
  const agents = await tx.agentServer.findMany({ where: { serverId: row.id }, include: { agent: true } });
  const names = await namesOf(tx, tools);
  return {
    ...summary,
    configHash: row.configHash,
    serverInfo: row.serverInfo === null ? null : { ...storedDefinition(row.serverInfo) },
    protocolVersion: row.protocolVersion,
    agents: agents.map((one) => one.agent.name).sort(),
    toolList: tools.map((tool) => wireTool(tool, names)),
  };
}

async function summaries(tx: Tx, rows: readonly Server[]): Promise<ServerSummary[]> {
  const counts = await tx.tool.groupBy({
    by: ['serverId', 'pinState'],
    where: { serverId: { in: rows.map((row) => row.id) } },
    _count: true,
  });
  return rows.map((row) => {
    const own = counts.filter((count) => count.serverId === row.id);
    const inState = (...states: readonly string[]) =>
      own.reduce((sum, count) => sum + (states.includes(count.pinState) ? count._count : 0), 0);
    return {
      id: row.id,
      name: row.name,
      transport: row.transport,
      url: row.url,
      command: row.commandName,
      description: row.description,
      tier: row.tier,
      status: row.status,
      lastScanAt: row.lastScanAt?.toISOString() ?? null,
      lastScanError: row.lastScanError,
      tools: {
        accepted: inState('accepted'),
        waiting: inState('new', 'drifted'),
        total: inState('accepted', 'new', 'drifted', 'missing'),
      },
    };
  });
}

async function namesOf(tx: Tx, tools: readonly Tool[]): Promise<ReadonlyMap<string, string>> {
  const ids = tools.flatMap((tool) => [tool.taggedBy, tool.acceptedBy]).filter((id) => id !== null);
  const people = await tx.person.findMany({
    where: { id: { in: [...new Set(ids)] } },
    select: { id: true, name: true },
  });
  return new Map(people.map((person) => [person.id, person.name]));
}

function wireTool(tool: Tool, names: ReadonlyMap<string, string>): WireTool {
  const definition = storedDefinition(tool.definition);
  const before = tool.acceptedDefinition === null ? null : storedDefinition(tool.acceptedDefinition);
  // Whoever acted without a row in `people` is the operator at the host.
  const nameOf = (id: string | null, at: Date | null) =>
    at === null ? null : id === null ? 'operator' : (names.get(id) ?? id);
  return {
    id: tool.id,
    name: tool.name,
    definition: { ...definition },
    definitionDigest: tool.definitionDigest,
    acceptedDigest: tool.acceptedDigest,
    diff:
      before === null
        ? []
        : diffDefinition(before, definition).map((change) => ({
            path: change.path,
            before: textOf(change.before),
            after: textOf(change.after),
          })),
    pinState: tool.pinState,
    tier: tool.tier,
    actionClass: isActionClass(tool.actionClass) ? tool.actionClass : 'other',
    suggestedTier: tool.suggestedTier,
    suggestedClass: isActionClass(tool.suggestedClass) ? tool.suggestedClass : 'other',
    suggestionReasons: tool.suggestionReasons,
    taggedBy: nameOf(tool.taggedBy, tool.taggedAt),
    tagReason: tool.tagReason,
    acceptedBy: nameOf(tool.acceptedBy, tool.acceptedAt),
    acceptedAt: tool.acceptedAt?.toISOString() ?? null,
  };
}

function textOf(value: JsonValue | undefined): string | null {
  return value === undefined ? null : canonicalJson(value);
}
